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
    static func meaning(_ name: some Sequence<UInt8>) -> Meaning? {
        let key = normalized(name)
        if isPassword(key) { return .password }
        if ambiguous.contains(key) { return .ambiguous }
        return isSecret(key) ? .secret : nil
    }

    /// The meaning of a name in a query, a form or a cookie, where nothing is ambiguous.
    static func parameter(_ name: some Sequence<UInt8>) -> Meaning? {
        meaning(name).map { $0 == .ambiguous ? .secret : $0 }
    }

    /// Whether a hidden control of this name is no secret, however random its value looks.
    static func isPublic(_ name: some Sequence<UInt8>) -> Bool { known.contains(normalized(name)) }

    /// Whether a header field's value is a secret as a whole.
    static func isHeader(_ name: String) -> Bool {
        let name = name.lowercased()
        if openHeaders.contains(name) { return false }
        return headerWords.contains { name.contains($0) }
    }

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

    /// Letters and digits only, in lower case: `user[password]` and `userPassword` end alike.
    private static func normalized(_ name: some Sequence<UInt8>) -> String {
        String(decoding: name.lazy.map(\.asciiLowercased).filter { $0.isASCIIDigit || $0.isASCIILetter }, as: UTF8.self)
    }

    private static func isPassword(_ key: String) -> Bool {
        let stem = key.last.map { "12".contains($0) } == true ? String(key.dropLast()) : key
        return passwords.contains(stem)
            || ["password", "passwd", "passphrase", "passcode", "pwd"].contains { stem.hasSuffix($0) }
    }

    private static func isSecret(_ key: String) -> Bool {
        secrets.contains(key) || key.hasSuffix("token") || key.hasSuffix("secret") || key.hasSuffix("sessionid")
            || key.contains("csrf") || key.contains("xsrf")
    }

    private static let passwords: Set<String> = ["pass", "otp", "totp", "pin", "jpassword", "secretanswer"]
    private static let ambiguous: Set<String> = [
        "code", "state", "session", "sid", "ticket", "request", "key", "signature",
    ]
    private static let secrets: Set<String> = [
        "codeverifier", "nonce", "idtokenhint", "clientassertion", "assertion", "devicecode", "usercode", "authcode",
        "authorizationcode", "apikey", "jwt", "bearer", "authorization", "proxyauthorization", "cookie", "setcookie",
        "samlresponse", "relaystate", "tokenjti", "sessiontoken", "requestverificationtoken", "viewstate",
        "sessionstate", "jsessionid", "phpsessid", "sessionkey", "logouttoken", "accesskey", "privatekey",
    ]
    private static let known: Set<String> = [
        "clientid", "codechallenge", "codechallengemethod", "redirecturi", "scope", "resource", "responsetype",
        "responsemode", "clientname", "granttype", "username", "prompt", "uilocales",
    ]
    private static let openHeaders: Set<String> = [
        "www-authenticate", "proxy-authenticate", "authentication-info", "sec-websocket-key", "sec-websocket-accept",
    ]
    private static let headerWords = [
        "authorization", "authenticat", "cookie", "token", "secret", "api-key", "apikey", "password", "session-id",
        "sessionid", "credential", "csrf", "xsrf", "dpop", "signature", "x-auth", "access-key", "x-key",
    ]
}
