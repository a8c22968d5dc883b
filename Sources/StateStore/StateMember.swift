import WatchCore

/// One member of a state in its file.
struct StateMember: Sendable {
    let name: String
    /// `"NAME":`
    let key: [UInt8]
    /// What a state has there.
    let json: @Sendable (TargetState) -> JSON
    /// Whether two states have the same there.
    let isSame: @Sendable (TargetState, TargetState) -> Bool

    private init<Value: Equatable & SendableMetatype>(
        _ name: String, _ value: @escaping @Sendable (TargetState) -> Value,
        _ json: @escaping @Sendable (Value) -> JSON
    ) {
        self.name = name
        key = Array("\"\(name)\":".utf8)
        self.json = { json(value($0)) }
        isSame = { value($0) == value($1) }
    }

    /// Every member, in the order of the file.
    static let all = [
        StateMember("client", { $0.client }, { $0?.json ?? .null }),
        StateMember("chain", { $0.chain }, { $0?.json ?? .null }),
        StateMember("personaClients", { $0.personaClients }, { object($0) { ($0, $1.json) } }),
        StateMember("personasCompared", { $0.personasCompared }, { JSON($0) }),
        StateMember("revision", { $0.revision }, { $0?.json ?? .null }),
        StateMember("sessions", { $0.sessions }, { $0.json }),
        StateMember("baseline", { $0.baseline }, { $0?.json ?? .null }),
        StateMember("intent", { $0.intent }, { $0?.json ?? .null }),
        StateMember("interrupted", { $0.interrupted }, { $0?.json ?? .null }),
        StateMember("registrations", { $0.registrations }, { .array($0.map { JSON($0) }) }),
        StateMember("login", { $0.login }, { $0.json }),
        StateMember("lastRun", { $0.lastRun }, { object($0) { ($0.rawValue, JSON($1)) } }),
        StateMember("lastConclusive", { $0.lastConclusive }, { object($0) { ($0.rawValue, JSON($1)) } }),
        StateMember("lastSuccess", { $0.lastSuccess }, { object($0) { ($0.rawValue, JSON($1)) } }),
        StateMember("probed", { $0.probed }, { JSON($0) }),
        StateMember("guards", { $0.guards }, { $0 == GuardState() ? .null : $0.json }),
        StateMember("health", { $0.health }, { $0 }),
    ]

    private static func object<Key, Value>(
        _ values: [Key: Value], _ member: (Key, Value) -> (name: String, value: JSON)
    ) -> JSON {
        let members = values.map { member($0.key, $0.value) }.sorted { $0.name < $1.name }
        return .object(members.map { JSON.Member($0.name, $0.value) })
    }
}
