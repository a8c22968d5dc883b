import Synchronization
import WatchCore

/// Looks for the answer to one request in an event stream that grows; each event is read once, however many come.
package final class AnswerSearch: Sendable {
    private let id: Int
    /// Where the events that were read end.
    private let position = Mutex(0)

    /// A search for the answer to the request with `id`.
    package init(id: Int) { self.id = id }

    /// Whether the answer is among the events of `body` that have come since the last call.
    ///
    /// - Parameter body: all of the body so far; only where an event ends is it looked at.
    package func ends(with body: [UInt8]) -> Bool {
        guard EventStream.endsWithEvent(body) else { return false }
        let fresh = position.withLock { position in
            // A body that is shorter than before began anew.
            let start = position <= body.count ? position : 0
            position = body.count
            return Array(body[start...])
        }
        return JSON.holdsAnswer(to: id, in: EventStream.messages(fresh))
    }
}
