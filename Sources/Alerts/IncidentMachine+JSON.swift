package import WatchCore

extension IncidentMachine {
    /// What outlives a restart.
    ///
    /// - Parameters:
    ///   - now: this moment.
    ///   - wallTime: the same moment in civil time: what lies ahead is written down in it.
    package func json(at now: Instant, _ wallTime: WallTime) -> JSON {
        [
            "number": .integer(number),
            "trackers": .array(
                trackers.sorted { ($0.key.target, $0.key.symptom.rawValue) < ($1.key.target, $1.key.symptom.rawValue) }
                    .map { $0.value.json($0.key) }),
            "incidents": .array(incidents.map { $0.json(reminderAt: wallTime + ($0.nextReminder - now)) }),
        ]
    }

    /// The machine as `json` remembers it; what is not understood is left out.
    ///
    /// - Parameters:
    ///   - json: what `json` gave before the restart.
    ///   - thresholds: as configured now.
    ///   - now: this moment.
    ///   - wallTime: the same moment in civil time.
    package init(restoring json: JSON, thresholds: Thresholds, at now: Instant, _ wallTime: WallTime) {
        self.init(thresholds: thresholds)
        number = json["number"]?.integer ?? 1
        incidents = (json["incidents"]?.array ?? []).compactMap { json in
            // A clock that was set meanwhile moves a reminder by no more than the time between two.
            let wait = (json.time("nextReminder") ?? wallTime) - wallTime
            return Incident(json, nextReminder: now + min(max(wait, .zero), thresholds.laterReminders))
        }
        let known = Set(incidents.map(\.id))
        for json in json["trackers"]?.array ?? [] {
            guard let (key, tracker) = Tracker.read(json, now), tracker.incident.map(known.contains) ?? true else {
                continue
            }
            trackers[key] = tracker
        }
        // Nothing may stay open that nobody can close.
        let carried = Set(trackers.values.compactMap(\.incident))
        incidents.removeAll { !carried.contains($0.id) }
    }
}

extension Incident {
    fileprivate func json(reminderAt reminder: WallTime) -> JSON {
        .object(
            [
                JSON.Member("id", .string(id)), JSON.Member("symptom", .string(symptom.rawValue)),
                JSON.Member("issuer", JSON(issuer)), JSON.Member("cause", .string(cause)),
                JSON.Member("targets", .array(targets.map { .string($0) })),
                JSON.Member("suffering", .array(suffering.sorted().map { .string($0) })),
                JSON.Member("since", .string(since.iso8601)), JSON.Member("firstBad", .string(firstBad.iso8601)),
                JSON.Member("lastGood", JSON(lastGood?.iso8601)), JSON.Member("announced", .bool(isAnnounced)),
                JSON.Member("reminders", .integer(reminders)), JSON.Member("nextReminder", .string(reminder.iso8601)),
            ] + finding.members)
    }

    fileprivate init?(_ json: JSON, nextReminder: Instant) {
        guard let id = json["id"]?.string, let symptom = json["symptom"]?.string.flatMap(Symptom.init(rawValue:)),
            let cause = json["cause"]?.string, let targets = json["targets"]?.strings,
            let suffering = json["suffering"]?.strings, let facts = Facts(json), let since = json.time("since"),
            let firstBad = json.time("firstBad"), let isAnnounced = json["announced"]?.bool,
            let reminders = json["reminders"]?.integer
        else { return nil }
        self.init(
            id: id, symptom: symptom, issuer: json["issuer"]?.string, cause: cause, targets: targets,
            suffering: Set(suffering), finding: facts, since: since, firstBad: firstBad,
            lastGood: json.time("lastGood"), isAnnounced: isAnnounced, reminders: reminders,
            nextReminder: nextReminder)
    }
}

extension Tracker {
    fileprivate func json(_ key: Key) -> JSON {
        [
            "target": .string(key.target), "symptom": .string(key.symptom.rawValue),
            "bad": .object(
                bad.sorted { $0.key.rawValue < $1.key.rawValue }
                    .map { JSON.Member($0.key.rawValue, .integer($0.value)) }),
            "good": .integer(good),
            "firstBad": .string(firstBad.iso8601), "lastGood": JSON(lastGood?.iso8601), "trace": JSON(trace),
            "incident": JSON(incident),
        ]
    }

    fileprivate static func read(_ json: JSON, _ now: Instant) -> (Key, Tracker)? {
        guard let target = json["target"]?.string,
            let symptom = json["symptom"]?.string.flatMap(Symptom.init(rawValue:)), let bad = counts(json),
            let good = json["good"]?.integer, let firstBad = json.time("firstBad")
        else { return nil }
        let tracker = Tracker(
            bad: bad, good: good, firstBad: firstBad, badSince: now,
            lastGood: json.time("lastGood"), trace: json["trace"]?.string, incident: json["incident"]?.string)
        return (Key(target: target, symptom: symptom), tracker)
    }

    /// Bad runs by their kind. Earlier programs counted them together and told the kinds beside it.
    private static func counts(_ json: JSON) -> [RunKind: Int]? {
        var counts: [RunKind: Int] = [:]
        if let all = json["bad"]?.integer {
            for kind in (json["kinds"]?.strings ?? []).compactMap(RunKind.init(rawValue:)) { counts[kind] = all }
            return counts
        }
        guard let members = json["bad"]?.members else { return nil }
        for member in members { if let kind = RunKind(rawValue: member.name) { counts[kind] = member.value.integer } }
        return counts
    }
}
