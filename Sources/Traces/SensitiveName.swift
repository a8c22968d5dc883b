import WatchCore

/// What the name of a parameter, member, field or control says about its value.
enum SensitiveName {
    /// How much the name says.
    enum Meaning {
        case password
        case secret
        /// A secret in OAuth, an ordinary word elsewhere (`code` of an error): the value must look random.
        case ambiguous
    }

    /// The meaning of a name in JSON or in a text.
    static func meaning(_ name: NameKey) -> Meaning? {
        let kinds = table.kinds(of: name)
        if kinds.contains(.password) { return .password }
        if kinds.contains(.ambiguous) { return .ambiguous }
        return kinds.contains(.secret) || name.namesForgery ? .secret : nil
    }

    /// The meaning of a name in a query, a form or a cookie, where nothing is ambiguous.
    static func parameter(_ name: NameKey) -> Meaning? {
        meaning(name).map { $0 == .ambiguous ? .secret : $0 }
    }

    /// Whether a hidden control of this name is no secret, however random its value looks.
    static func isPublic(_ name: NameKey) -> Bool { table.kinds(ofWhole: name).contains(.known) }

    /// Whether a header field's value is a secret as a whole; its name is given in lower case.
    static func isHeader(_ name: String) -> Bool {
        var isSecret = false
        headerWords.scan(Array(name.utf8)) { _, _ in
            isSecret = true
            return true
        }
        return isSecret && !openHeaders.contains(name)
    }

    /// Whether a header field is one that most requests or answers have, and whose value is no secret as a whole.
    static func isCommonHeader(_ name: String) -> Bool { table.kinds(ofWhole: NameKey(name)).contains(.commonHeader) }

    /// Whether a value looks like something that a generator made.
    static func looksRandom(_ value: some Collection<UInt8>) -> Bool {
        guard value.count >= 16, value.allSatisfy({ $0.isTokenCharacter || $0 == UInt8(ascii: ":") }) else {
            return false
        }
        let digits = value.count { $0.isASCIIDigit }
        let letters = value.count { $0.isASCIILetter }
        let capitals = value.count { (65...90).contains($0) }
        return (digits > 0 && letters > 0) || (value.count >= 24 && capitals > 2 && capitals < letters)
    }

    /// Headers that are called common here stand in most answers, and hold no secret as a whole: they are not looked
    /// through for the words of secrets.
    private static let table = NameTable(
        [
            (.password, ["pass", "pass1", "pass2", "otp", "totp", "pin", "secretanswer", "passphrase"]),
            (.ambiguous, ["code", "state", "session", "sid", "ticket", "request", "key", "signature"]),
            (
                .secret,
                [
                    "codeverifier", "nonce", "idtokenhint", "clientassertion", "assertion", "devicecode", "usercode",
                    "authcode", "authorizationcode", "apikey", "jwt", "bearer", "authorization", "proxyauthorization",
                    "cookie", "setcookie", "samlresponse", "relaystate", "sessionkey", "sessionstate", "viewstate",
                    "accesskey", "privatekey",
                ]
            ),
            (
                .known,
                [
                    "clientid", "codechallenge", "codechallengemethod", "redirecturi", "scope", "resource",
                    "responsetype", "responsemode", "clientname", "granttype", "username", "prompt", "uilocales",
                ]
            ),
            (
                .commonHeader,
                [
                    "accept", "acceptencoding", "cachecontrol", "connection", "contentencoding", "contentlength",
                    "contenttype", "date", "host", "location", "mcpprotocolversion", "origin", "pragma", "referer",
                    "server", "transferencoding", "useragent", "vary",
                ]
            ),
        ],
        endings: [
            (.password, ["password", "assword1", "assword2", "passwd", "passcode", "pwd"]),
            (.secret, ["token", "secret", "essionid"]),
        ])
    private static let openHeaders: Set<String> = [
        "www-authenticate", "proxy-authenticate", "authentication-info", "sec-websocket-key", "sec-websocket-accept",
    ]
    private static let headerWords = PatternScanner(
        PatternList([
            "authorization", "authenticat", "cookie", "token", "secret", "api-key", "apikey", "password", "session-id",
            "sessionid", "credential", "csrf", "xsrf", "dpop", "signature", "x-auth", "access-key", "x-key",
        ]))
}
