import CurlHTTP
import Glibc
import Testing
import WatchCore

struct CurlDriverTests {
    /// The end of a run and the end of the driver come close together in every one-shot run.
    @Test(.timeLimit(.minutes(2)))
    func stops_howeverCloseTheEndOfARunIs() async throws {
        let url = try #require(WebURL("http://127.0.0.1:1/"))
        for _ in 1...500 {
            let driver = try CurlDriver()
            await endRun(on: driver, url)
            driver.stop()
        }
    }

    /// libcurl reads the variable when it is set up: then it must be gone.
    @Test func writesNoKeysOfConnections_whatTheEnvironmentSays() throws {
        setenv("SSLKEYLOGFILE", "/nonexistent/keys", 1)
        try CurlDriver().stop()
        #expect(getenv("SSLKEYLOGFILE") == nil)
    }

    private func endRun(on driver: CurlDriver, _ url: WebURL) async {
        let transport = CurlTransport(
            driver: driver, settings: ConnectionSettings(), timeout: .seconds(5), addressPolicy: OpenPolicy(),
            userAgent: "test")
        await #expect(throws: TransportFailure.self) {
            _ = try await transport.send(HTTPRequest(.challenge, "GET", url))
        }
    }
}
