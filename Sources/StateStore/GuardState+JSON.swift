import WatchCore

extension GuardState {
    /// What the guards remember, as the file holds it.
    var json: JSON {
        [
            "clients": .array(clients.map(\.json)),
            "entries": .object(
                entries.map { JSON.Member($0.key.rawValue, $0.value.json) }.sorted { $0.name < $1.name }),
            "logins": .array(logins.map { JSON($0) }),
            "groups": .object(groups.map { JSON.Member("\($0.key)", JSON($0.value)) }.sorted { $0.name < $1.name }),
            "lastSent": JSON(lastSent),
            "watchedSince": JSON(watchedSince),
            "suspendedUntil": JSON(suspendedUntil),
            "suspension": suspension.map { .string($0) } ?? .null,
            "expiring": expiring?.json ?? .null,
            "login": login.json,
            "tokenMilliseconds": .array(tokenMilliseconds.map { .integer($0) }),
        ]
    }

    /// Reads what `json` writes; guards that are no more are left out.
    ///
    /// - Throws: `StateFormatError` for a member of another kind.
    init(_ fields: StateFields) throws(StateFormatError) {
        self.init()
        clients = try fields.objects("clients", RegisteredClient.init)
        if let object = try fields.object("entries") {
            for name in object.names {
                guard let id = CheckID(rawValue: name), let entry = try object.object(name) else { continue }
                entries[id] = try Entry(entry)
            }
        }
        logins = try fields.times("logins")
        if let object = try fields.object("groups") {
            for name in object.names { if let group = Int(name) { groups[group] = try object.optionalTime(name) } }
        }
        lastSent = try fields.optionalTime("lastSent")
        watchedSince = try fields.optionalTime("watchedSince")
        suspendedUntil = try fields.optionalTime("suspendedUntil")
        suspension = try fields.optionalString("suspension")
        if let object = try fields.object("expiring") { expiring = try TokenChain(object) }
        if let object = try fields.object("login") { login = try LoginHistory(object) }
        tokenMilliseconds = fields.any("tokenMilliseconds").array?.compactMap(\.integer) ?? []
    }
}

extension GuardState.Entry {
    /// Only what differs from the start: there is one for each guard.
    var json: JSON {
        var members = [JSON.Member("result", .string(result.rawValue)), JSON.Member("tried", JSON(triedAt))]
        if scoredAt != nil { members.append(JSON.Member("scored", JSON(scoredAt))) }
        for (name, flag) in [("wasRefused", wasRefused), ("isSuspect", isSuspect), ("needsLogin", needsLogin)]
        where flag {
            members.append(JSON.Member(name, true))
        }
        return .object(members)
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init()
        result = try fields.choice("result")
        triedAt = try fields.optionalTime("tried")
        scoredAt = try fields.optionalTime("scored")
        wasRefused = fields.any("wasRefused").bool ?? false
        isSuspect = fields.any("isSuspect").bool ?? false
        needsLogin = fields.any("needsLogin").bool ?? false
    }
}
