import CurlHTTP
import Synchronization
import WatchCore

/// One driver for all tests of the process, as in the daemon.
let sharedDriver = Result { () throws(TransportFailure) in try CurlDriver() }

/// Permits every address and remembers what it was asked.
final class OpenPolicy: AddressPolicy {
    let asked = Mutex<[(IPAddress, UInt16)]>([])

    func permits(_ address: IPAddress, port: UInt16, for origin: Origin) -> Bool {
        asked.withLock { $0.append((address, port)) }
        return true
    }
}

/// Permits no address.
struct ClosedPolicy: AddressPolicy {
    func permits(_ address: IPAddress, port: UInt16, for origin: Origin) -> Bool { false }
}

/// A transport with the settings of a test.
func transport(
    timeout: Duration = .seconds(120), policy: any AddressPolicy = OpenPolicy(), settings: ConnectionSettings = .init()
) throws -> CurlTransport {
    CurlTransport(
        driver: try sharedDriver.get(), settings: settings, timeout: timeout, addressPolicy: policy,
        userAgent: "oauthwatch-test", longestIdle: .seconds(600))
}

struct BadURL: Error {}

func url(_ text: String) throws -> WebURL {
    guard let url = WebURL(text) else { throw BadURL() }
    return url
}

extension RawServer {
    func request(_ path: String = "/", method: String = "GET", body: RequestBody? = nil) throws -> HTTPRequest {
        HTTPRequest(.challenge, method, try url("http://127.0.0.1:\(port)\(path)"), body: body)
    }
}

extension CurlTransport {
    /// What `request` fails with; a test that meets an answer instead fails.
    func failure(_ request: HTTPRequest) async throws -> TransportFailure {
        do {
            let response = try await send(request)
            throw UnexpectedAnswer(status: response.status)
        } catch let failure as TransportFailure {
            return failure
        }
    }
}

struct UnexpectedAnswer: Error {
    var status: Int
}
