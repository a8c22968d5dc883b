import Synchronization

/// The JSON of a body, parsed when somebody first asks: flow, baseline and trace read the same answers, and copies of an
/// answer share it.
package final class ParsedJSON: Sendable {
    private enum Content {
        case unread
        case read(JSON?)
    }

    private let content = Mutex<Content>(.unread)

    /// Nobody has asked yet.
    package init() {}

    /// What `parse` makes of the body; it is called once.
    ///
    /// - Parameter parse: reads the body; nil when that is no JSON.
    /// - Returns: what it returned the first time.
    package func get(_ parse: () -> JSON?) -> JSON? {
        content.withLock { content in
            if case .read(let json) = content { return json }
            let json = parse()
            content = .read(json)
            return json
        }
    }
}
