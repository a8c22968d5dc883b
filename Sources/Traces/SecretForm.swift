import Crypto
import WatchCore

/// One way in which a secret may be spelled once all escapes are peeled off a text.
struct SecretForm: Sendable {
    /// What to look for.
    var pattern: [UInt8]
    /// What stands in its place.
    var label: String
    var isPassword: Bool
    /// A short secret counts only where no letter or digit touches it: "test" stays in "latest".
    var isWholeWord = false
    /// A Base64 character beside the pattern holds some of the secret's bits.
    var sharesBefore = false
    var sharesAfter = false
    /// The secret goes on beyond the pattern: the characters of a token that follow belong to it.
    var isPrefix = false

    /// Shorter secrets are removed by structure only: by value they would take every such letter out of a page.
    static let shortest = 4
    /// Secrets from this length are removed wherever they stand.
    static let certain = 8
    /// Of a longer secret, so many bytes are looked for.
    static let longest = 4_096

    /// Of a secret in hexadecimal or Base64, so many bytes are looked for, and the characters that follow go with it: this
    /// is rare, and whole patterns would double the work for every run.
    private static let encodedBytes = 16

    /// Every spelling of `secret`: as it is, less its own escapes, in Latin-1, in Base64, in hexadecimal; of a password,
    /// which is worth more and of which there are few, also in other letters, backwards, in Base32, in Base64 twice.
    static func all(of secret: String, label: String, isPassword: Bool) -> [SecretForm] {
        let bytes = Array(secret.utf8)
        guard bytes.count >= shortest else { return [] }
        var forms: [SecretForm] = []
        func add(plain bytes: [UInt8]) {
            if bytes.count >= shortest { forms.append(SecretForm(plain: bytes, label: label, isPassword)) }
        }
        func addBase64(_ bytes: [UInt8]) {
            for offset in 0..<3 {
                if let form = SecretForm(base64: bytes, offset: offset, label: label, isPassword) { forms.append(form) }
            }
        }
        // Most secrets are made by a generator, of characters that no encoding escapes.
        let isUnreserved = bytes.allSatisfy(\.isJWTCharacter)
        if isUnreserved {
            add(plain: bytes)
        } else {
            PeeledText.forEachLayer(of: bytes) { add(plain: $0.bytes) }
            if let latin = latin1(secret) { add(plain: latin) }
        }
        if isPassword {
            for disguise in disguises(of: secret) { add(plain: disguise) }
            addBase64(Base64.encodedBytes(bytes).filter { $0 != UInt8(ascii: "=") })
        }
        forms.append(SecretForm(hexadecimal: bytes, tenIs: UInt8(ascii: "a"), label: label, isPassword))
        forms.append(SecretForm(hexadecimal: bytes, tenIs: UInt8(ascii: "A"), label: label, isPassword))
        addBase64(bytes)
        if !isUnreserved {
            // RFC 6749 §2.3.1: what stands in `Basic` is form-encoded first.
            let encoded = Array(PercentEncoding.encodeForm(secret).utf8)
            if encoded != bytes { addBase64(encoded) }
        }
        return forms
    }

    /// What a debugging page makes of bytes, in letters of either size.
    private init(hexadecimal bytes: [UInt8], tenIs ten: UInt8, label: String, _ isPassword: Bool) {
        var text: [UInt8] = []
        text.reserveCapacity(2 * Self.encodedBytes)
        for byte in bytes.prefix(Self.encodedBytes) {
            for digit in [byte >> 4, byte & 15] {
                text.append(digit < 10 ? UInt8(ascii: "0") + digit : ten + digit - 10)
            }
        }
        self.init(plain: text, label: label, isPassword)
        isPrefix = bytes.count > Self.encodedBytes
    }

    /// A password as it is still read without effort. Media types and hosts are in lower case here, too.
    private static func disguises(of password: String) -> [[UInt8]] {
        let base32 = Base32.encode(Array(password.utf8))
        let texts = [
            password.lowercased(), password.uppercased(),
            String(String.UnicodeScalarView(password.unicodeScalars.reversed())),
            base32, base32.lowercased(),
        ]
        return texts.filter { $0 != password }.map { Array($0.utf8) }
    }

    private init(plain bytes: [UInt8], label: String, _ isPassword: Bool) {
        pattern = Array(bytes.prefix(Self.longest))
        self.label = label
        self.isPassword = isPassword
        isWholeWord = bytes.count < Self.certain
        isPrefix = bytes.count > Self.longest
    }

    /// The characters that are the same whatever stands around the secret, when `offset` bytes (modulo 3) precede it.
    private init?(base64 bytes: [UInt8], offset: Int, label: String, _ isPassword: Bool) {
        let part = [UInt8](repeating: 0, count: offset) + bytes.prefix(Self.encodedBytes)
        let bits = 8 * part.count
        pattern = Array(Base64.encodedBytes(part)[(8 * offset + 5) / 6..<bits / 6])
        guard pattern.count >= Self.shortest else { return nil }
        self.label = label
        self.isPassword = isPassword
        sharesBefore = offset > 0
        sharesAfter = !bits.isMultiple(of: 6)
        isPrefix = bytes.count > Self.encodedBytes
    }

    private static func latin1(_ text: String) -> [UInt8]? {
        guard !text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
        let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        return bytes.count == text.unicodeScalars.count ? bytes : nil
    }
}

extension SecretForm {
    /// The range to remove where the pattern stands at `range` of `text`; nil when it is part of a longer word.
    func extent(_ range: Range<Int>, in text: [UInt8]) -> Range<Int>? {
        var (start, end) = (range.lowerBound, range.upperBound)
        let before = start > 0 ? text[start - 1] : 0
        let after = end < text.count ? text[end] : 0
        if isWholeWord, before.isWordCharacter || after.isWordCharacter { return nil }
        if sharesBefore, before.isTokenCharacter { start -= 1 }
        if sharesAfter, after.isTokenCharacter { end += 1 }
        if isPrefix { end = text[end...].firstIndex { !$0.isTokenCharacter } ?? text.count }
        return start..<end
    }
}
