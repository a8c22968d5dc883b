import CurlHTTP
import Egress
import WatchCore

/// Something elsewhere that is up whenever this machine's network is. Asked only when a target does not answer.
struct ReferenceHost: Sendable {
    private static let timeout: Duration = .seconds(10)

    private let url: WebURL
    private let transport: any HTTPTransport

    /// The host of `url`, asked over `transport`.
    init(url: WebURL, transport: any HTTPTransport) {
        self.url = url
        self.transport = transport
    }

    /// The host of `url`, asked over this process's network.
    init(url: WebURL, driver: CurlDriver) {
        self.init(
            url: url,
            transport: CurlTransport(
                driver: driver, settings: ConnectionSettings(), timeout: Self.timeout,
                addressPolicy: OriginAddressPolicy(server: url, allowNetworks: []), userAgent: Version.userAgent))
    }

    /// Asks it; any answer will do.
    ///
    /// - Returns: why it does not answer; nil when it does.
    func failure() async -> String? {
        do throws(TransportFailure) {
            _ = try await transport.send(HTTPRequest(.challenge, "HEAD", url))
            return nil
        } catch {
            // It is here, and talks: the network is there.
            return [.connectionRefused, .connectionReset, .malformed, .truncated].contains(error.kind)
                ? nil : error.message
        }
    }
}
