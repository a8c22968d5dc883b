package import WatchCore

extension Notification {
    /// As the webhook and the command get it, and as the outbox keeps it. `Tests/Schemas/alert.schema.json` describes it.
    package var json: JSON {
        [
            "version": 1,
            "key": .string(key),
            "event": .string(event.rawValue),
            "incident": .string(incident),
            "symptom": .string(symptom.rawValue),
            "severity": .string(symptom.severity.rawValue),
            "targets": .array(targets.map { .string($0) }),
            "experience": .string(facts.experience),
            "step": JSON(facts.step),
            "check": JSON(facts.check),
            "message": .string(facts.message),
            "layer": JSON(facts.layer),
            "remedy": .string(facts.remedy),
            "changes": .array(facts.changes.map { .string($0) }),
            "trace": JSON(facts.trace),
            "since": .string(since.iso8601),
            "firstBad": .string(firstBad.iso8601),
            "lastGood": JSON(lastGood?.iso8601),
            "at": .string(at.iso8601),
            "text": .string(text),
        ]
    }

    /// What `json` wrote; nil for anything else.
    init?(_ json: JSON) {
        guard let key = json["key"]?.string, let event = json["event"]?.string.flatMap(Event.init(rawValue:)),
            let incident = json["incident"]?.string,
            let symptom = json["symptom"]?.string.flatMap(Symptom.init(rawValue:)),
            let targets = json["targets"]?.strings, let facts = Incident.Facts(json),
            let since = json.time("since"), let firstBad = json.time("firstBad"), let at = json.time("at")
        else { return nil }
        (self.key, self.event, self.incident, self.symptom) = (key, event, incident, symptom)
        (self.targets, self.facts, self.since, self.firstBad, self.at) = (targets, facts, since, firstBad, at)
        lastGood = json.time("lastGood")
    }
}

extension Incident.Facts {
    /// Reads the members of an object that describe the trouble.
    init?(_ json: JSON) {
        guard let message = json["message"]?.string, let remedy = json["remedy"]?.string,
            let experience = json["experience"]?.string
        else { return nil }
        self.init(
            step: json["step"]?.string, check: json["check"]?.string, message: message, layer: json["layer"]?.string,
            remedy: remedy, experience: experience, changes: json["changes"]?.strings ?? [],
            trace: json["trace"]?.string)
    }

    /// The members that describe the trouble.
    var members: [JSON.Member] {
        [
            JSON.Member("step", JSON(step)), JSON.Member("check", JSON(check)),
            JSON.Member("message", .string(message)), JSON.Member("layer", JSON(layer)),
            JSON.Member("remedy", .string(remedy)), JSON.Member("experience", .string(experience)),
            JSON.Member("changes", .array(changes.map { .string($0) })), JSON.Member("trace", JSON(trace)),
        ]
    }
}

extension JSON {
    /// The member `name` as a time; nil when it is none.
    func time(_ name: String) -> WallTime? { self[name]?.string.flatMap(WallTime.init(iso8601:)) }
}
