import WatchCore

extension TargetState {
    /// The state as its file holds it.
    var json: JSON { .object(StateMember.all.map { JSON.Member($0.name, $0.json(self)) }) }

    /// Reads what `json` writes.
    ///
    /// - Throws: `StateFormatError` for a member that is missing or of another kind.
    init(json: JSON) throws(StateFormatError) {
        self.init()
        let fields = try StateFields(json)
        if let object = try fields.object("client") { client = try RegisteredClient(object) }
        if let object = try fields.object("chain") { chain = try TokenChain(object) }
        if let object = try fields.object("personaClients") {
            for name in object.names {
                personaClients[name] = try object.object(name).map { (fields) throws(StateFormatError) in
                    try RegisteredClient(fields)
                }
            }
        }
        personasCompared = try fields.optionalTime("personasCompared")
        if let object = try fields.object("revision") { revision = try RevisionChoice(object) }
        if let object = try fields.object("sessions") { sessions = try SessionMemory(object) }
        if let object = try fields.object("baseline") { baseline = try ServerBaseline(object) }
        if let object = try fields.object("intent") { intent = try Intent(object) }
        if let object = try fields.object("interrupted") { interrupted = try Intent(object) }
        registrations = try fields.times("registrations")
        if let object = try fields.object("login") { login = try LoginHistory(object) }
        if let object = try fields.object("lastRun") { lastRun = try Self.times(object) }
        if let object = try fields.object("lastConclusive") { lastConclusive = try Self.times(object) }
        if let object = try fields.object("lastSuccess") { lastSuccess = try Self.times(object) }
        probed = try fields.optionalTime("probed")
        if let object = try fields.object("guards") { guards = try GuardState(object) }
        health = fields.any("health")
    }

    private static func times(_ fields: StateFields) throws(StateFormatError) -> [RunKind: WallTime] {
        var times: [RunKind: WallTime] = [:]
        for name in fields.names {
            if let kind = RunKind(rawValue: name) { times[kind] = try fields.optionalTime(name) }
        }
        return times
    }
}

extension RevisionChoice {
    var json: JSON {
        [
            "profile": .string(profile.rawValue), "version": JSON(version?.rawValue), "isDualEra": .bool(isDualEra),
            "askedAt": JSON(askedAt),
        ]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init(
            profile: try fields.choice("profile"),
            version: try fields.optionalString("version").flatMap(Revision.init),
            isDualEra: fields.any("isDualEra").bool ?? false, askedAt: try fields.time("askedAt"))
    }
}

extension Intent {
    var json: JSON { ["action": .string(action.rawValue), "at": JSON(at)] }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init(try fields.choice("action"), at: try fields.time("at"))
    }
}

extension LoginHistory {
    var json: JSON {
        [
            "consecutiveRejections": .integer(consecutiveRejections),
            "lastRejection": JSON(lastRejection),
            "submissions": .array(submissions.map { JSON($0) }),
            "rejectedPassword": JSON(rejectedPassword),
        ]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init()
        consecutiveRejections = try fields.integer("consecutiveRejections")
        lastRejection = try fields.optionalTime("lastRejection")
        submissions = try fields.times("submissions")
        rejectedPassword = try fields.optionalString("rejectedPassword")
    }
}
