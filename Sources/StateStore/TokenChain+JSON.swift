import WatchCore

extension TokenChain {
    var json: JSON {
        [
            "issuer": .string(issuer),
            "clientID": .string(clientID),
            "accessToken": JSON(accessToken),
            "refreshToken": JSON(refreshToken),
            "scope": JSON(scope),
            "issuedAt": JSON(issuedAt),
            "expiresIn": expiresIn.map { .integer($0) } ?? .null,
            "startedAt": JSON(startedAt),
            "refreshExpiresIn": refreshExpiresIn.map { .integer($0) } ?? .null,
        ]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init(
            issuer: try fields.string("issuer"),
            clientID: try fields.string("clientID"),
            accessToken: Secret(try fields.string("accessToken")),
            refreshToken: try fields.optionalSecret("refreshToken"),
            scope: try fields.optionalString("scope"),
            issuedAt: try fields.time("issuedAt"),
            expiresIn: try fields.optionalInteger("expiresIn"),
            startedAt: try fields.time("startedAt"),
            refreshExpiresIn: try fields.optionalInteger("refreshExpiresIn"))
    }
}
