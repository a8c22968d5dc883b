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

    /// Of a secret in hexadecimal, so many bytes are looked for.
    private static let hexadecimalBytes = 16

    /// Every spelling of `secret`: as it is, less its own escapes, in Latin-1, in Base64, in hexadecimal; of a password,
    /// which is worth more and of which there are few, also in other letters, backwards, in Base32, in Base64 twice.
    static func all(of secret: String, label: String, isPassword: Bool) -> [SecretForm] {
        let bytes = Array(secret.utf8)
        guard bytes.count >= shortest else { return [] }
        var plain: [[UInt8]] = []
        PeeledText.forEachLayer(of: bytes) { plain.append($0.bytes) }
        if let latin = latin1(secret) { plain.append(latin) }
        let forms = plain.filter { $0.count >= shortest }.map { SecretForm(plain: $0, label: label, isPassword) }
        // RFC 6749 §2.3.1: what stands in `Basic` is form-encoded first.
        let encoded = Array(PercentEncoding.encodeForm(secret).utf8)
        var carried = encoded == bytes ? [bytes] : [bytes, encoded]
        if isPassword { carried.append(Base64.encodedBytes(bytes).filter { $0 != UInt8(ascii: "=") }) }
        let disguises = isPassword ? disguises(of: secret) : []
        return forms + disguises.map { SecretForm(plain: $0, label: label, isPassword) }
            + hexadecimal(bytes, label: label, isPassword)
            + carried.flatMap { bytes in
                (0..<3).compactMap { SecretForm(base64: bytes, offset: $0, label: label, isPassword) }
            }
    }

    /// What a debugging page makes of bytes, in letters of either size. Of a long secret the beginning is looked for, and
    /// the digits that follow go with it: this is rare, and whole patterns would double the work for every run.
    private static func hexadecimal(_ bytes: [UInt8], label: String, _ isPassword: Bool) -> [SecretForm] {
        ["0123456789abcdef", "0123456789ABCDEF"].map { digits in
            let digits = Array(digits.utf8)
            let text = bytes.prefix(hexadecimalBytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            var form = SecretForm(plain: text, label: label, isPassword)
            form.isPrefix = bytes.count > hexadecimalBytes
            return form
        }
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
        let part = bytes.prefix(Self.longest)
        let bits = 8 * (offset + part.count)
        let text = Base64.encodedBytes([UInt8](repeating: 0, count: offset) + part)
        pattern = Array(text[..<(bits / 6)].dropFirst((8 * offset + 5) / 6))
        guard pattern.count >= Self.shortest else { return nil }
        self.label = label
        self.isPassword = isPassword
        sharesBefore = offset > 0
        sharesAfter = !bits.isMultiple(of: 6)
        isPrefix = bytes.count > Self.longest
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
