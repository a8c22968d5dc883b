import WatchCore

extension SessionMemory {
    var json: JSON {
        [
            "survivesLogin": survivesLogin.map { .bool($0) } ?? .null,
            "survivesRevocation": survivesRevocation.map { .bool($0) } ?? .null,
            "endedByLogins": .integer(endedByLogins),
            "otherLoginAt": JSON(otherLoginAt),
            "triedAge": .integer(triedAge),
            "refused": .array(refused.map(\.json)),
            "refusedTriedAt": JSON(refusedTriedAt),
            "acceptedAt": .object(
                acceptedAt.map { JSON.Member($0.key.rawValue, JSON($0.value)) }.sorted { $0.name < $1.name }),
            "standing": .object(
                standing.map { JSON.Member($0.key.rawValue, JSON($0.value)) }.sorted { $0.name < $1.name }),
            "formerClients": .array(formerClients.map(\.json)),
            "deaths": .array(deaths.map(\.json)),
            "idle": idle?.json ?? .null,
            "login": login.json,
            "longestSleep": longestSleep.map { .integer($0) } ?? .null,
            "idleLimit": idleLimit.map { .integer($0) } ?? .null,
        ]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init(deaths: try fields.objects("deaths", SessionDeath.init))
        survivesLogin = fields.any("survivesLogin").bool
        survivesRevocation = fields.any("survivesRevocation").bool
        endedByLogins = try fields.optionalInteger("endedByLogins") ?? 0
        otherLoginAt = try fields.optionalTime("otherLoginAt")
        triedAge = try fields.optionalInteger("triedAge") ?? 0
        refused = try fields.objects("refused", RefusedToken.init)
        refusedTriedAt = try fields.optionalTime("refusedTriedAt")
        if let object = try fields.object("acceptedAt") {
            for cause in RefusedToken.Cause.allCases {
                acceptedAt[cause] = try object.optionalTime(cause.rawValue)
            }
        }
        if let object = try fields.object("standing") {
            // A check that is no more has nothing to wait for.
            for name in object.names {
                if let check = CheckID(rawValue: name) { standing[check] = try object.optionalTime(name) }
            }
        }
        formerClients = try fields.objects("formerClients", RegisteredClient.init)
        if let object = try fields.object("idle") { idle = try IdleSession(object) }
        if let object = try fields.object("login") { login = try LoginHistory(object) }
        longestSleep = try fields.optionalInteger("longestSleep")
        idleLimit = try fields.optionalInteger("idleLimit")
    }
}

extension RefusedToken {
    var json: JSON {
        [
            "token": JSON(token), "cause": .string(cause.rawValue), "issuedAt": JSON(issuedAt),
            "expiresIn": expiresIn.map { .integer($0) } ?? .null, "refusedAt": JSON(refusedAt),
        ]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init(
            token: Secret(try fields.string("token")), cause: try fields.choice("cause"),
            issuedAt: try fields.time("issuedAt"), expiresIn: try fields.optionalInteger("expiresIn"),
            refusedAt: try fields.time("refusedAt"))
    }
}

extension SessionDeath {
    var json: JSON {
        [
            "canary": .string(canary.rawValue), "at": JSON(at), "lived": .integer(lived),
            "tokenAge": .integer(tokenAge),
        ]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init(
            canary: try fields.choice("canary"), at: try fields.time("at"), lived: try fields.integer("lived"),
            tokenAge: try fields.integer("tokenAge"))
    }
}

extension IdleSession {
    var json: JSON {
        ["chain": chain.json, "asleepSince": JSON(asleepSince), "survived": .integer(survived)]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        guard let chain = try fields.object("chain") else {
            throw StateFormatError(description: "idle.chain is missing")
        }
        self.init(
            chain: try TokenChain(chain), asleepSince: try fields.time("asleepSince"),
            survived: try fields.integer("survived"))
    }
}
