/// The words of a name or label, for telling what it means.
struct Words {
    private let words: [String]

    /// Splits at everything that is no letter and where a capital follows a small letter; neighbours also count as one
    /// word, so that "sign up", "sign-up" and "signUp" are all "signup".
    init(_ texts: [String?]) {
        var found: [String] = []
        for case let text? in texts {
            let parts = Self.parts(of: text)
            found += parts
            for (part, next) in zip(parts, parts.dropFirst()) { found.append(part + next) }
            for part in parts { found += Self.stems(in: part) }
        }
        words = found
    }

    /// Of a longer text, so much is read.
    private static let longest = 512

    private static func parts(of text: String) -> [String] {
        var text = text
        return text.withUTF8 { asciiParts($0.prefix(longest)) } ?? split(text.prefix(longest))
    }

    /// What `split` makes of a text in ASCII, as most names and labels are; nil for any other.
    private static func asciiParts(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [String]? {
        guard text.allSatisfy({ $0 < 128 }) else { return nil }
        var parts: [String] = []
        var part: [UInt8] = []
        func endPart() {
            if !part.isEmpty { parts.append(String(decoding: part, as: UTF8.self)) }
            part.removeAll(keepingCapacity: true)
        }
        var previousIsSmall = false
        for byte in text where byte != UInt8(ascii: "'") {
            let isCapital = (65...90).contains(byte)
            if !byte.isASCIILetter || (isCapital && previousIsSmall) { endPart() }
            if byte.isASCIILetter { part.append(byte | 32) }
            previousIsSmall = byte.isASCIILetter && !isCapital
        }
        endPart()
        return parts
    }

    /// Whether any of these words is there.
    func contains(_ list: Set<String>) -> Bool { words.contains { list.contains($0) } }

    private static func split(_ text: some StringProtocol) -> [String] {
        var parts: [String] = [""]
        var previousIsSmall = false
        for character in text {
            // Unicode's properties are looked up only where ASCII does not answer: they take long.
            let ascii = character.asciiValue
            // "Don’t" is one word, whatever its apostrophe.
            if ascii == UInt8(ascii: "'") || (ascii == nil && character == "’") { continue }
            let isLetter = ascii?.isASCIILetter ?? character.isLetter
            let isCapital = ascii.map { (65...90).contains($0) } ?? character.isUppercase
            if !isLetter || (isCapital && previousIsSmall) { parts.append("") }
            if isLetter { parts[parts.count - 1] += character.lowercased() }
            previousIsSmall = ascii.map { (97...122).contains($0) } ?? character.isLowercase
        }
        return parts.filter { !$0.isEmpty }
    }

    static let away: Set<String> = [
        "register", "registration", "signup", "create", "join", "forgot", "forgotten", "reset", "recover", "logout",
        "signout", "search", "subscribe", "newsletter", "registrieren", "vergessen", "abmelden", "suche", "suchen",
        "inscription", "sinscrire", "oublié", "rechercher", "registrarse", "buscar", "registrati", "cerca",
        "registreren",
        "zoeken", "検索", "注册", "註冊", "搜索", "가입", "검색",
    ]
    static let onward: Set<String> = ["authorize", "authorization", "consent", "login", "signin", "auth", "oauth"]
    /// "Continue with Google": another way to log in, not ours.
    static let elsewhere: Set<String> = [
        "with", "using", "google", "github", "facebook", "apple", "microsoft", "passkey", "sso", "saml",
    ]
    static let user: Set<String> = [
        "user", "username", "userid", "uid", "login", "loginid", "email", "mail", "account", "identifier", "principal",
        "upn", "sub", "subject", "uname", "usr", "benutzer", "benutzername", "kennung", "identifiant", "utilisateur",
        "courriel", "usuario", "correo", "utente", "gebruiker", "gebruikersnaam",
    ]
    /// Ways to log in with a name and a password.
    static let byPassword: Set<String> = ["local", "password", "email", "username", "credentials", "ldap", "internal"]
    static let grant: Set<String> = [
        "scope", "scopes", "grantscope", "scopesconsented", "permission", "permissions", "claim", "claims",
    ]
    static let secondFactor: Set<String> = [
        "otp", "totp", "mfa", "twofactor", "tfa", "onetimecode", "verificationcode", "authcode", "passcode",
        "securitycode", "onetimepassword",
    ]
    /// Some call the password a passcode; a code from a device is typed in the clear.
    static let hiddenSecondFactor = secondFactor.subtracting(["passcode"])
}
