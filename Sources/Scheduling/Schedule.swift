package import WatchCore

/// What is due when. Pure: someone else runs the jobs, waits and tells the time.
///
/// - A target has three kinds of run, each with its own interval and ±10 % jitter. Its runs never overlap, at most one
///   goes on for each issuer and `limit` in all; among those that may begin, the one that is due longest begins first.
/// - When both kinds are due at once the login run goes, and takes the session run's place: it uses the kept session
///   too.
/// - Where runs of several targets are to begin at once, at the start or after a reload, they are spread.
/// - A failed run is repeated once after 60 s, if no regular one comes before.
/// - Time spent in suspend counts, and runs missed in it are not made up for.
package struct Schedule: Sendable {
    /// How far a target may put off its runs by Retry-After: the server that is watched must not silence its watch.
    package static let longestDelay = Duration.seconds(3_600)

    /// How long a run is watched past its patience before it counts as stalled: after a suspend every deadline has passed
    /// at once, and the run ends by itself soon.
    private static let grace = Duration.seconds(60)

    /// Starts of many targets are spread over no more than this time.
    private static let spread = Duration.seconds(60)
    /// Starts of few targets are this far apart.
    private static let gap = Duration.seconds(1)

    private struct Entry {
        var issuer: String
        var timetables: [RunKind: Timetable]
        var running: RunKind?
        /// When the run that goes on began.
        var began = Instant(nanoseconds: 0)
        var patience: Duration
        /// When the run that goes on was first seen to be longer than `patience`.
        var isLateSince: Instant?
        /// The server asked for no run before this time.
        var notBefore = Instant(nanoseconds: .min)
        /// The operator wants no traffic before this time.
        var pausedUntil = Instant(nanoseconds: .min)
        /// No longer configured; goes when its run has ended.
        var isRemoved = false
    }

    private let limit: Int
    private var random: any RandomNumberGenerator & Sendable
    private var entries: [String: Entry] = [:]

    /// The schedule of these targets.
    ///
    /// - Parameters:
    ///   - targets: in the order in which they are to begin.
    ///   - now: the moment of the start.
    ///   - wallTime: the same moment in civil time, to compare with the targets' last runs.
    ///   - limit: runs at a time.
    ///   - random: the source of the jitter.
    package init(
        targets: [ScheduledTarget], at now: Instant, wallTime: WallTime, limit: Int = 32,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.limit = limit
        self.random = random
        update(targets: targets, at: now, wallTime: wallTime)
    }

    /// Takes another list of targets. Those that stay keep their times and their runs.
    ///
    /// - Parameters: as in `init`.
    package mutating func update(targets: [ScheduledTarget], at now: Instant, wallTime: WallTime) {
        let names = Set(targets.map(\.name))
        for (name, entry) in entries where !names.contains(name) {
            entries[name] = entry.running == nil ? nil : entry
            entries[name]?.isRemoved = true
        }
        var fresh: [ScheduledTarget] = []
        for target in targets {
            guard var entry = entries[target.name] else {
                fresh.append(target)
                continue
            }
            entry.isRemoved = false
            entry.patience = target.patience
            entry.timetables = entry.timetables.filter { target.intervals[$0.key] != nil }
            for (kind, interval) in target.intervals {
                guard entry.timetables[kind] == nil else {
                    entry.timetables[kind]?.change(interval: interval, at: now)
                    continue
                }
                entry.timetables[kind] = Timetable(interval: interval, first: now + target.wait(kind, at: wallTime))
            }
            entries[target.name] = entry
        }
        enter(fresh, at: now, wallTime: wallTime)
    }

    /// The runs that are to begin now; they count as running from then on.
    ///
    /// - Parameter now: this moment.
    /// - Returns: those due longest first. Call it when `nextWake` has come and after each `finished`.
    package mutating func due(at now: Instant) -> [Job] {
        var jobs: [Job] = []
        while runningCount < limit, let next = nextCandidate(), next.due <= now, let job = begin(next.name, at: now) {
            jobs.append(job)
        }
        return jobs
    }

    /// A run has ended.
    ///
    /// - Parameters:
    ///   - job: as `due` gave it.
    ///   - ending: how it ended.
    ///   - now: this moment.
    ///   - notBefore: the server's Retry-After; taken up to `longestDelay`.
    ///   - issuer: the issuer that the run met; nil leaves the key as it was.
    package mutating func finished(
        _ job: Job, _ ending: Ending, at now: Instant, notBefore: Duration? = nil, issuer: String? = nil
    ) {
        guard var entry = entries[job.target], entry.running == job.kind else { return }
        entry.running = nil
        entry.timetables[job.kind]?.end(ending, at: now)
        if let notBefore { entry.notBefore = now + min(notBefore, Self.longestDelay) }
        if let issuer { entry.issuer = issuer }
        entries[job.target] = entry.isRemoved ? nil : entry
    }

    /// Begins no run of a target until `end`; a run that goes on goes to its end. An `end` that is past ends the pause.
    package mutating func pause(_ target: String, until end: Instant) { entries[target]?.pausedUntil = end }

    /// When `due` has something to give, unless a run ends before.
    ///
    /// - Returns: a moment, maybe past; nil when everything waits for a run to end, or there is no target.
    package func nextWake() -> Instant? { runningCount < limit ? nextCandidate()?.due : nil }

    /// How late the schedule is: the time since the oldest run that could begin now should have begun.
    package func lag(at now: Instant) -> Duration {
        nextWake().map { max(.zero, now - $0) } ?? .zero
    }

    /// The runs that go on, by target.
    package var running: [Job] {
        entries.compactMap { name, entry in entry.running.map { Job(target: name, kind: $0) } }
            .sorted { $0.target < $1.target }
    }

    /// Lets the login run of a target begin as soon as it may.
    ///
    /// - Parameters:
    ///   - target: its name; an unknown one changes nothing.
    ///   - now: this moment.
    package mutating func hasten(_ target: String, at now: Instant) {
        entries[target]?.timetables[.login]?.hasten(at: now)
    }

    /// The runs that do not end any more: they have gone on for longer than their target's patience, and were seen to
    /// for a minute. Call it again and again, since the minute counts from the first look.
    ///
    /// - Parameter now: this moment.
    /// - Returns: sorted by target; empty when all is well.
    package mutating func stalled(at now: Instant) -> [Job] {
        var jobs: [Job] = []
        for (name, entry) in entries {
            guard let kind = entry.running, now - entry.began > entry.patience else { continue }
            guard let since = entry.isLateSince else {
                entries[name]?.isLateSince = now
                continue
            }
            if now - since >= Self.grace { jobs.append(Job(target: name, kind: kind)) }
        }
        return jobs.sorted { $0.target < $1.target }
    }

    /// When the next run of this kind is due; nil for an unknown target or kind.
    package func nextRun(of target: String, _ kind: RunKind) -> Instant? {
        entries[target].flatMap { entry in
            entry.timetables[kind].map { max($0.due, entry.notBefore, entry.pausedUntil) }
        }
    }
}

extension Schedule {
    private var runningCount: Int { entries.values.count { $0.running != nil } }

    /// The target whose run could begin first: none of it goes on, and none at its issuer.
    private func nextCandidate() -> (name: String, due: Instant)? {
        let busy = Set(entries.values.lazy.filter { $0.running != nil }.map(\.issuer))
        return entries.compactMap { name, entry -> (name: String, due: Instant)? in
            guard entry.running == nil, !busy.contains(entry.issuer) else { return nil }
            let earliest = max(entry.notBefore, entry.pausedUntil)
            return entry.timetables.values.lazy.map(\.due).min().map { (name, max($0, earliest)) }
        }.min { ($0.due, $0.name) < ($1.due, $1.name) }
    }

    /// Begins the run of a target that is due; `login` before `session`, which is the order of the cases.
    private mutating func begin(_ name: String, at now: Instant) -> Job? {
        let kinds = RunKind.allCases.filter { kind in entries[name]?.timetables[kind].map { $0.due <= now } ?? false }
        guard let kind = kinds.first else { return nil }
        for taken in kinds where taken == kind || (kind == .login && taken == .session) {
            let wait = jittered(entries[name]?.timetables[taken]?.interval ?? .zero)
            entries[name]?.timetables[taken]?.begin(at: now, wait: wait)
        }
        entries[name]?.running = kind
        entries[name]?.began = now
        entries[name]?.isLateSince = nil
        return Job(target: name, kind: kind)
    }

    private mutating func jittered(_ interval: Duration) -> Duration {
        interval * Double.random(in: 0.9...1.1, using: &random)
    }

    /// Enters new targets; those that begin at once are spread.
    private mutating func enter(_ targets: [ScheduledTarget], at now: Instant, wallTime: WallTime) {
        let count = targets.count { $0.beginsAtOnce(wallTime) }
        var position = 0
        for target in targets {
            let gap = min(Self.gap, min(Self.spread, target.shortestInterval) / max(1, count))
            let offset = target.beginsAtOnce(wallTime) ? gap * position : .zero
            if target.beginsAtOnce(wallTime) { position += 1 }
            let timetables = target.intervals.map { kind, interval in
                let wait = max(offset, target.wait(kind, at: wallTime))
                return (kind, Timetable(interval: interval, first: now + wait))
            }
            entries[target.name] = Entry(
                issuer: target.issuer, timetables: Dictionary(uniqueKeysWithValues: timetables),
                patience: target.patience)
        }
    }
}
