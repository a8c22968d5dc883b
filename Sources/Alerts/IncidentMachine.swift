package import WatchCore

/// Turns runs into incidents, and incidents into notifications: pure.
///
/// A symptom of a target is pending when a run saw it, firing after `failureThreshold` such runs of one kind in a row, and resolved
/// after `successThreshold` runs that could have seen it and did not. An open door fires at once: it was confirmed. What
/// no run could find out raises `unwatched` once it lasts for two intervals; it neither raises nor resolves anything
/// else. Targets that share the issuer and the check are one incident. Times are measured on the clock that does not
/// jump; civil time is only written down.
package struct IncidentMachine: Sendable {
    /// When to speak.
    package struct Thresholds: Sendable, Hashable {
        /// Bad runs in a row until an incident opens.
        package var failure = 2
        /// Good runs in a row until it is over.
        package var success = 2
        /// From the first notification to the first reminder.
        package var firstReminder = Duration.seconds(4 * 3_600)
        /// From one reminder to the next.
        package var laterReminders = Duration.seconds(24 * 3_600)

        /// The defaults.
        package init() {}
    }

    package var thresholds: Thresholds
    var trackers: [Tracker.Key: Tracker] = [:]
    /// Incidents that are open, the oldest first.
    package internal(set) var incidents: [Incident] = []
    /// Of the next incident.
    var number = 1

    /// Nothing is known yet.
    package init(thresholds: Thresholds = Thresholds()) { self.thresholds = thresholds }

    /// A run has ended.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - isMuted: whether nobody wants to hear of a target now.
    /// - Returns: what is to be told, in this order.
    package mutating func observe(_ run: Observation, isMuted: (String) -> Bool) -> [Notification] {
        var told: [Notification] = []
        for symptom in Symptom.allCases {
            let key = Tracker.Key(target: run.target, symptom: symptom)
            switch run.evidence(of: symptom, seenBy: trackers[key]?.kinds ?? []) {
            case .bad(let finding): told += noteBad(key, finding, run, isMuted: isMuted)
            case .good: told += noteGood(key, run.wallTime)
            case .none: continue
            }
        }
        return told + remind(at: run.now, run.wallTime, isMuted: isMuted)
    }

    /// Tells what is to be told by now without a run: what was muted before, and reminders, one for each incident.
    ///
    /// - Parameters:
    ///   - now: this moment.
    ///   - wallTime: this moment in civil time.
    ///   - isMuted: as for `observe`.
    package mutating func remind(
        at now: Instant, _ wallTime: WallTime, isMuted: (String) -> Bool
    ) -> [Notification] {
        var told: [Notification] = []
        for index in incidents.indices where !incidents[index].targets.allSatisfy(isMuted) {
            if !incidents[index].isAnnounced {
                incidents[index].isAnnounced = true
                incidents[index].nextReminder = now + thresholds.firstReminder
                told.append(Notification(.firing, incidents[index], at: wallTime))
            } else if incidents[index].nextReminder <= now {
                incidents[index].reminders += 1
                incidents[index].nextReminder = now + thresholds.laterReminders
                let number = incidents[index].reminders
                told.append(Notification(.reminder, incidents[index], number: number, at: wallTime))
            }
        }
        return told
    }

    /// Other targets are no longer watched: what they suffered is over as far as anybody can know.
    ///
    /// - Returns: what is to be told.
    package mutating func keep(only targets: Set<String>, at wallTime: WallTime) -> [Notification] {
        let gone = trackers.keys.filter { !targets.contains($0.target) }
        return gone.flatMap { end($0, because: "the target is no longer watched", at: wallTime) }
    }

    /// When `remind` has something to tell; nil when nothing is open.
    package var nextReminder: Instant? { incidents.filter(\.isAnnounced).map(\.nextReminder).min() }

    /// Open incidents that somebody was told of, as they are now: for receivers that want to hear it again and again.
    ///
    /// - Parameter wallTime: civil time.
    package func active(at wallTime: WallTime) -> [Notification] {
        incidents.filter(\.isAnnounced).map { Notification(.firing, $0, at: wallTime) }
    }
}

extension IncidentMachine {
    private mutating func noteBad(
        _ key: Tracker.Key, _ finding: Finding?, _ run: Observation, isMuted: (String) -> Bool
    ) -> [Notification] {
        var tracker =
            trackers[key] ?? Tracker(firstBad: run.wallTime, badSince: run.now, lastGood: run.lastGood)
        tracker.bad[run.kind, default: 0] += 1
        tracker.good = 0
        if finding.map(run.found.contains) ?? true { tracker.trace = run.trace }
        trackers[key] = tracker
        let facts = facts(key.symptom, finding, run, trace: tracker.trace)
        if let id = tracker.incident {
            guard let index = incidents.firstIndex(where: { $0.id == id }) else { return [] }
            // The target that is described is the first one that still suffers.
            let described = incidents[index].targets.first(where: incidents[index].suffering.contains)
            if described == key.target { incidents[index].finding = facts }
        } else if isDue(key.symptom, tracker, run) {
            let (id, joined) = open(key, tracker, facts, run)
            trackers[key]?.incident = id
            if let joined, !isMuted(key.target) { return [joined] }
        }
        return []
    }

    private func isDue(_ symptom: Symptom, _ tracker: Tracker, _ run: Observation) -> Bool {
        let isConfirmed = tracker.bad.values.contains { $0 >= thresholds.failure }
        return switch symptom {
        case .openDoor: true
        case .unwatched: isConfirmed && run.now - tracker.badSince >= run.interval * 2
        case .login, .session, .degraded: isConfirmed
        }
    }

    /// Joins the incident that shares issuer and cause, or opens one.
    private mutating func open(
        _ key: Tracker.Key, _ tracker: Tracker, _ facts: Incident.Facts, _ run: Observation
    ) -> (id: String, joined: Notification?) {
        let cause = facts.check ?? ""
        let shared = incidents.firstIndex { other in
            other.symptom == key.symptom && other.issuer != nil && other.issuer == run.issuer && other.cause == cause
        }
        if let shared {
            incidents[shared].suffering.insert(key.target)
            return (incidents[shared].id, join(shared, key.target, facts, run.wallTime))
        }
        let id = "\(run.wallTime.fileStamp)-\(number)-\(key.symptom.rawValue)-\(key.target)"
        number += 1
        incidents.append(
            Incident(
                id: id, symptom: key.symptom, issuer: run.issuer, cause: cause, targets: [key.target],
                suffering: [key.target], finding: facts, since: run.wallTime, firstBad: tracker.firstBad,
                lastGood: tracker.lastGood, nextReminder: run.now + thresholds.firstReminder))
        return (id, nil)
    }

    /// A further target suffers an incident.
    ///
    /// - Returns: what is to be told; nil when it was one of its targets before, or nobody was told of the incident yet.
    private mutating func join(
        _ index: Int, _ target: String, _ facts: Incident.Facts, _ wallTime: WallTime
    ) -> Notification? {
        guard !incidents[index].targets.contains(target) else { return nil }
        incidents[index].targets.append(target)
        guard incidents[index].isAnnounced else { return nil }
        var told = Notification(.joined, incidents[index], number: incidents[index].targets.count, at: wallTime)
        told.targets = [target] + told.targets.dropLast()
        told.facts = facts
        return told
    }

    private mutating func noteGood(_ key: Tracker.Key, _ wallTime: WallTime) -> [Notification] {
        guard var tracker = trackers[key] else { return [] }
        tracker.good += 1
        trackers[key] = tracker
        guard tracker.incident != nil else {
            trackers[key] = nil
            return []
        }
        return tracker.good >= thresholds.success ? end(key, because: nil, at: wallTime) : []
    }

    /// The target suffers no longer; the incident is over when no other does.
    private mutating func end(_ key: Tracker.Key, because reason: String?, at wallTime: WallTime) -> [Notification] {
        guard let id = trackers.removeValue(forKey: key)?.incident,
            let index = incidents.firstIndex(where: { $0.id == id })
        else { return [] }
        incidents[index].suffering.remove(key.target)
        guard incidents[index].suffering.isEmpty else { return [] }
        var over = incidents.remove(at: index)
        if let reason { over.finding.message = reason }
        return over.isAnnounced ? [Notification(.resolved, over, at: wallTime)] : []
    }

    private func facts(
        _ symptom: Symptom, _ finding: Finding?, _ run: Observation, trace: String?
    ) -> Incident.Facts {
        Incident.Facts(
            step: finding?.step.rawValue, check: finding?.check.rawValue,
            message: finding?.message ?? "runs end without having found out anything", layer: finding?.layer.rawValue,
            remedy: finding?.remedy ?? "Read the trace of the last run: it says what was missing.",
            experience: symptom.experience(finding?.check), changes: run.changes, trace: trace)
    }
}
