package import WatchCore

/// Calls a URL while the schedule goes on, so that somebody else notices when it stops: a dead man's switch.
package struct Heartbeat: Sendable {
    /// No more than one call in this time.
    package static let gap = Duration.seconds(30)

    private let url: WebURL
    private let transport: any HTTPTransport

    /// A heartbeat.
    ///
    /// - Parameters:
    ///   - url: fetched with GET; it may hold a secret and is never shown.
    ///   - transport: sends the request.
    package init(url: WebURL, transport: any HTTPTransport) {
        self.url = url
        self.transport = transport
    }

    /// Calls once.
    ///
    /// - Throws: `DeliveryFailure` when nobody answers, or not with 2xx.
    package func beat() async throws(DeliveryFailure) {
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await transport.send(HTTPRequest(.revocation, "GET", url, carriesSecret: true))
        } catch {
            throw DeliveryFailure("\(url.origin): \(error.kind.rawValue)")
        }
        guard (200...299).contains(response.status) else {
            throw DeliveryFailure("\(url.origin) answers \(response.status)")
        }
    }
}
