package import WatchCore

/// Something to tell people, or a machine that tells them. Its text holds no secret: findings were redacted before.
package struct Notification: Sendable, Hashable {
    /// What happened.
    package enum Event: String, Sendable, Hashable, CaseIterable {
        case firing
        /// A further target suffers the same; it is the first one named.
        case joined
        case reminder, resolved
        /// Nothing: somebody tries whether notifications arrive.
        case test
    }

    /// The same for each delivery of one notification, and for no other.
    package var key: String
    package var event: Event
    /// The incident's id.
    package var incident: String
    package var symptom: Symptom
    /// The first one is the one that is described.
    package var targets: [String]
    package var facts: Incident.Facts
    /// When the incident was opened.
    package var since: WallTime
    package var firstBad: WallTime
    package var lastGood: WallTime?
    /// When this was noticed.
    package var at: WallTime

    /// What is to be told of an incident.
    init(_ event: Event, _ incident: Incident, number: Int = 0, at: WallTime) {
        key = "\(incident.id)/\(event.rawValue)" + (number > 0 ? "-\(number)" : "")
        self.event = event
        self.incident = incident.id
        symptom = incident.symptom
        targets = incident.targets
        facts = incident.finding
        since = incident.since
        firstBad = incident.firstBad
        lastGood = incident.lastGood
        self.at = at
    }

    /// A test, marked as such.
    ///
    /// - Parameters:
    ///   - target: one that is configured, for routes and texts.
    ///   - at: civil time.
    package init(testing target: String, at: WallTime) {
        let facts = Incident.Facts(
            step: nil, check: nil, message: "a test: nothing is wrong", layer: nil,
            remedy: "Nothing is to be done.", experience: "this is a test of the alerts", changes: [], trace: nil)
        let incident = Incident(
            id: "test-\(at.fileStamp)-\(at.nanoseconds % 1_000_000_000)", symptom: .login, issuer: nil, cause: "",
            targets: [target], suffering: [], finding: facts, since: at, firstBad: at, lastGood: nil,
            nextReminder: Instant(nanoseconds: .max))
        self.init(.test, incident, at: at)
    }
}

extension Notification {
    /// A line that says it all in short: `FIRING mcp.example: new logins fail`.
    package var title: String {
        let more = targets.count > 1 ? " and \(targets.count - 1) more" : ""
        return "\(event.rawValue.uppercased()) \(targets.first ?? "")\(more): \(facts.experience)"
    }

    /// What a person reads.
    package var text: String {
        var lines = [title]
        if targets.count > 1 { lines.append("targets: \(targets.joined(separator: ", "))") }
        let place = [facts.step.map { "step \($0)" }, facts.check.map { "check \($0)" }].compactMap { $0 }
        lines.append(place.isEmpty ? facts.message : "\(place.joined(separator: ", ")): \(facts.message)")
        let good = lastGood.map { "last good \($0.iso8601Seconds)" } ?? "never seen good"
        lines.append("since \(since.iso8601Seconds) (first bad \(firstBad.iso8601Seconds), \(good))")
        if event == .resolved { lines.append("resolved \(at.iso8601Seconds)") }
        if !facts.changes.isEmpty { lines.append("what changed: \(facts.changes.joined(separator: "; "))") }
        if let layer = facts.layer { lines.append("at fault: \(layer)") }
        if event != .resolved { lines.append("remedy: \(facts.remedy)") }
        if let trace = facts.trace { lines.append("trace: \(trace)") }
        return lines.joined(separator: "\n")
    }
}
