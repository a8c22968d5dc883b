import WatchCore

/// The two origins of the lab, as the client that asks sees them.
struct LabSites: Sendable, Hashable {
    /// `http://127.0.0.1:8000`, without a path.
    var here: String
    /// The second origin.
    var elsewhere: String

    /// A server behind two ports, asked with this `Host`.
    ///
    /// - Parameters:
    ///   - hostField: `Host` of the request; its name is kept when it is a loopback name, so that a client that asked for
    ///     `localhost` is not sent to `127.0.0.1`, which is another origin.
    ///   - ports: of the lab and of the second origin.
    ///   - fallback: the address that the lab listens on.
    ///   - origin: the public URL, when one is configured.
    init(hostField: String?, ports: (here: UInt16, elsewhere: UInt16), fallback: String, origin: WebURL?) {
        let asked = hostField.flatMap { WebURL("http://\($0)/") }
        let name = asked.flatMap { $0.isLoopback ? $0.host : nil } ?? fallback
        here =
            origin?.origin.description
            ?? Origin(scheme: "http", host: name, port: ports.here).description
        elsewhere = Origin(scheme: "http", host: name, port: ports.elsewhere).description
    }

    /// The origin of a place.
    func origin(of place: Place) -> String {
        switch place {
        case .here: here
        case .elsewhere: elsewhere
        case .plainHTTP: "http://oauth.lab.invalid"
        case .privateAddress: "http://10.255.255.1"
        case .cloudMetadata: "http://169.254.169.254"
        }
    }
}
