import WatchCore

/// What another configuration means for each target: pure.
struct TargetChanges: Sendable, Hashable {
    /// Not configured before.
    var added: [String] = []
    /// No longer configured.
    var removed: [String] = []
    /// Configured otherwise; files that the configuration names, such as passwords, count.
    var changed: [String] = []
    /// Those of `changed` whose next login is not to wait: more than the times between runs is different.
    var hastened: [String] = []

    /// From one list of targets to another, in the order of the new one.
    init(from before: [TargetSettings], to after: [TargetSettings]) {
        let old = Dictionary(before.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(after.map(\.name))
        removed = before.map(\.name).filter { !names.contains($0) }
        for target in after {
            guard var known = old[target.name] else {
                added.append(target.name)
                continue
            }
            guard known != target else { continue }
            changed.append(target.name)
            (known.interval, known.sessionInterval) = (target.interval, target.sessionInterval)
            if known != target { hastened.append(target.name) }
        }
    }

    /// For the log: `2 added, 1 removed, 0 changed`.
    var summary: String { "\(added.count) added, \(removed.count) removed, \(changed.count) changed" }
}
