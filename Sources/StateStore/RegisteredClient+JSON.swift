import WatchCore

extension RegisteredClient {
    var json: JSON {
        [
            "issuer": .string(issuer),
            "clientID": .string(clientID),
            "clientSecret": JSON(clientSecret),
            "authenticationMethod": .string(authenticationMethod),
            "redirectURI": .string(redirectURI),
            "clientName": .string(clientName),
            "registeredAt": JSON(registeredAt),
            "registrationURI": JSON(registrationURI),
            "registrationAccessToken": JSON(registrationAccessToken),
        ]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        self.init(
            issuer: try fields.string("issuer"),
            clientID: try fields.string("clientID"),
            clientSecret: try fields.optionalSecret("clientSecret"),
            authenticationMethod: try fields.string("authenticationMethod"),
            redirectURI: try fields.string("redirectURI"),
            clientName: try fields.string("clientName"),
            registeredAt: try fields.time("registeredAt"),
            registrationURI: try fields.optionalString("registrationURI"),
            registrationAccessToken: try fields.optionalSecret("registrationAccessToken"))
    }
}
