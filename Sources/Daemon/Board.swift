import Alerts
import Health
import Metrics
import Synchronization
import WatchCore

/// What holds now, for whoever asks: pages, metrics, systemd. Runs write it, readers copy it; nobody waits for anybody.
final class Board: Sendable {
    /// One target as it stands.
    struct Target: Sendable {
        /// Whose verdict this is: results of another server under the same name do not count.
        var server: WebURL
        var health: TargetHealth
        var metrics: TargetMetrics
        /// When runs of each kind last began.
        var lastRun: [RunKind: WallTime] = [:]
        /// When runs of each kind last began that were healthy or degraded.
        var lastSuccess: [RunKind: WallTime] = [:]
    }

    /// All that is shown.
    struct View: Sendable {
        /// In the order of the configuration.
        var targets: [Target]
        var daemon: DaemonMetrics
        /// What is wrong with the daemon itself, a line each.
        var problems: [Problem: String] = [:]
        var isReady = false
        /// Whether metrics tell the durations of single steps.
        var showsStepHistograms = true
        /// What the operator silenced or paused.
        var holds = Holds()
        /// Times at which nobody wants alerts.
        var maintenance: [MaintenanceWindow] = []
        var alerts = AlertView()
    }

    /// The kinds of trouble that the daemon can have on its own side.
    enum Problem: Int, Sendable, Hashable, Comparable {
        case configuration, schedule, state, traces, alerts

        static func < (a: Problem, b: Problem) -> Bool { a.rawValue < b.rawValue }
    }

    private let shared: Mutex<View>

    init(_ view: View) { shared = Mutex(view) }

    /// A copy of what holds now.
    var view: View { shared.withLock { $0 } }

    /// Changes what holds.
    func update(_ change: (inout View) -> Void) { shared.withLock { change(&$0) } }

    /// Shows other targets.
    ///
    /// - Parameters:
    ///   - targets: in the order of the configuration.
    ///   - unchanged: names of those that are shown as before. Others keep their counts and times, and what was found
    ///     as long as the server is the same.
    func show(_ targets: [Target], keeping unchanged: Set<String>) {
        update { view in
            let before = Dictionary(
                view.targets.map { ($0.metrics.target, $0) }, uniquingKeysWith: { first, _ in first })
            view.targets = targets.map { target in
                guard let old = before[target.metrics.target] else { return target }
                return unchanged.contains(target.metrics.target) ? old : old.changed(to: target)
            }
        }
    }

    /// Changes what holds of one target.
    func update(_ target: String, _ change: (inout Target) -> Void) {
        shared.withLock { view in
            guard let index = view.targets.firstIndex(where: { $0.metrics.target == target }) else { return }
            change(&view.targets[index])
        }
    }
}

extension Board.Target {
    /// This target with the settings of another of its name.
    fileprivate func changed(to other: Board.Target) -> Board.Target {
        var target = self
        target.server = other.server
        target.metrics.configure(as: other.metrics)
        if server != other.server {
            target.health = TargetHealth(name: health.name)
            target.metrics.status = TargetStatus(target.health)
        }
        return target
    }
}
