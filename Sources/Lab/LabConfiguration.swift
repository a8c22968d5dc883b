package import WatchCore

/// How a lab is set up.
package struct LabConfiguration: Sendable {
    /// A literal loopback address: `127.0.0.1` or `::1`.
    package var host = "127.0.0.1"
    /// 0: any free one.
    package var port: UInt16 = 8000
    /// The one user that exists from the start.
    package var username = "testuser"
    package var password = Secret("testpass")
    /// Ids of faults and varieties that hold from the start; see `Fault.all`.
    package var faults: [String] = []
    /// Lifetime of an access token, in seconds.
    package var expiresIn = 3_600
    /// The public URL (scheme, host, port); nil: what the request's `Host` says, when that is loopback.
    package var origin: WebURL?
    /// The public URL of the second origin, likewise.
    package var otherOrigin: WebURL?
    /// How long the `drip` faults wait before each byte.
    package var dripPause: Duration = .seconds(1)
    /// Answers recorded before, served in place of the lab's own; nil: none.
    package var replay: Replay?
    /// How many requests are remembered for `LabServer.requests`; the oldest go first.
    package var recordLimit = 10_000
    /// Told of each request that was received, on the thread of its connection.
    package var onRequest: (@Sendable (RecordedRequest) -> Void)?

    /// The defaults: `http://127.0.0.1:8000`, testuser, testpass, no fault.
    package init() {}
}
