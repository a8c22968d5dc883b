package import WatchCore

/// Something that users suffer, from the first notification to the last. What stands in it besides its identity may
/// change while it lasts.
package struct Incident: Sendable, Hashable {
    /// Unique for ever.
    package let id: String
    package let symptom: Symptom
    /// With the check, what makes targets one incident; nil while it is not known.
    let issuer: String?
    /// The check that it began with.
    let cause: String
    /// Every target that it ever had, the first one first.
    package var targets: [String]
    /// Those that still suffer.
    var suffering: Set<String>
    package var finding: Facts
    /// When it was opened.
    package let since: WallTime
    /// The first failing run.
    package let firstBad: WallTime
    /// The last good run before it; nil when none is known.
    package let lastGood: WallTime?
    /// Whether somebody was told; not while its targets are silenced.
    var isAnnounced = false
    var reminders = 0
    var nextReminder: Instant

    /// What is said of the trouble; the newest run tells it.
    package struct Facts: Sendable, Hashable {
        package var step: String?
        package var check: String?
        package var message: String
        package var layer: String?
        package var remedy: String
        package var experience: String
        package var changes: [String]
        package var trace: String?
    }
}

/// One target's record of one symptom, before, in and after an incident.
struct Tracker: Sendable, Hashable {
    struct Key: Sendable, Hashable {
        var target: String
        var symptom: Symptom
    }

    /// Runs in a row that saw it bad, by their kind: a login and a session run that fail within a second are one blip.
    var bad: [RunKind: Int] = [:]
    /// Good runs since.
    var good = 0
    var firstBad: WallTime
    /// The same moment on the clock that does not jump; after a restart not earlier than can be known.
    var badSince: Instant
    var lastGood: WallTime?
    /// The trace of the last run that saw it itself; nil when none was written.
    var trace: String?
    /// The incident that the target suffers; nil before there is one.
    var incident: String?

    /// The kinds of run that saw it bad.
    var kinds: Set<RunKind> { Set(bad.keys) }
}
