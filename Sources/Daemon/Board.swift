import Health
import Metrics
import Synchronization
import WatchCore

/// What holds now, for whoever asks: pages, metrics, systemd. Runs write it, readers copy it; nobody waits for anybody.
final class Board: Sendable {
    /// One target as it stands.
    struct Target: Sendable {
        var health: TargetHealth
        var metrics: TargetMetrics
    }

    /// All that is shown.
    struct View: Sendable {
        /// In the order of the configuration.
        var targets: [Target]
        var daemon: DaemonMetrics
        /// What is wrong with the daemon itself, a line each.
        var problems: [Problem: String] = [:]
        var isReady = false
    }

    /// The kinds of trouble that the daemon can have on its own side.
    enum Problem: Int, Sendable, Hashable, Comparable {
        case state, traces

        static func < (a: Problem, b: Problem) -> Bool { a.rawValue < b.rawValue }
    }

    private let shared: Mutex<View>

    init(_ view: View) { shared = Mutex(view) }

    /// A copy of what holds now.
    var view: View { shared.withLock { $0 } }

    /// Changes what holds.
    func update(_ change: (inout View) -> Void) { shared.withLock { change(&$0) } }

    /// Changes what holds of one target.
    func update(_ target: String, _ change: (inout Target) -> Void) {
        shared.withLock { view in
            guard let index = view.targets.firstIndex(where: { $0.metrics.target == target }) else { return }
            change(&view.targets[index])
        }
    }
}
