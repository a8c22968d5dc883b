import Alerts
import StateStore
import Synchronization
import WatchCore

/// What the alerts last said of themselves.
final class LatestView: Sendable {
    private let state = Mutex<(view: AlertView, count: Int)>((AlertView(), 0))

    func set(_ view: AlertView) {
        state.withLock { state in
            state.view = view
            state.count += 1
        }
    }

    /// Whether nothing is open and nothing waits, seen after the first runs.
    var isSettled: Bool {
        state.withLock { $0.count > 1 && $0.view.incidents.isEmpty && $0.view.sinks.allSatisfy { $0.waiting == 0 } }
    }
}

/// The alerts' document, as the daemon keeps it.
struct Document: AlertMemory {
    let documents: DocumentStore

    func load() async -> JSON? { try? await documents.read("alerts") }

    func save(_ json: JSON) async -> String? {
        do {
            try await documents.write("alerts", json)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
