import WatchCore

/// The two origins of the lab, as the client that asks sees them.
struct LabSites: Sendable, Hashable {
    /// `http://127.0.0.1:8000`, without a path.
    var here: String
    /// The second origin.
    var elsewhere: String

    /// What a client that sent this `Host` calls them.
    ///
    /// - Parameters:
    ///   - hostField: `Host` of the request. Name and port are believed when the name is a loopback name: a client that
    ///     asked for `localhost`, or through a relay, is not sent to another origin.
    ///   - listener: to which of the two the request came.
    ///   - ports: of the lab and of the second origin.
    ///   - fallback: the address that the lab listens on.
    ///   - origin: the public URL, when one is configured.
    ///   - otherOrigin: that of the second origin, when one is configured.
    init(
        hostField: String?, at listener: RecordedRequest.Listener, ports: (here: UInt16, elsewhere: UInt16),
        fallback: String, origin: WebURL?, otherOrigin: WebURL? = nil
    ) {
        let asked = hostField.flatMap { WebURL("http://\($0)/") }.flatMap { $0.isLoopback ? $0 : nil }
        let name = asked?.host ?? fallback
        let port = listener == .lab ? asked?.effectivePort : nil
        here = origin?.origin.description ?? Origin(scheme: "http", host: name, port: port ?? ports.here).description
        elsewhere =
            otherOrigin?.origin.description
            ?? Origin(scheme: "http", host: name, port: ports.elsewhere).description
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
