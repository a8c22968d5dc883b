import Crypto
import WatchCore

/// The spellings of a run's secrets, and the pattern by which each is found.
struct SecretForms: Sendable {
    private(set) var forms: [SecretForm] = []
    /// What to look for, form by form.
    private(set) var patterns = PatternList()

    /// Shorter secrets are removed by structure only: by value they would take every such letter out of a page.
    static let shortest = 4
    /// Secrets from this length are removed wherever they stand.
    private static let certain = 8
    /// Of a longer secret, so many bytes are looked for.
    private static let longest = 4_096

    /// Of a secret in hexadecimal or Base64, so many bytes are looked for, and the characters that follow go with it: this
    /// is rare, and whole patterns would double the work for every run.
    private static let encodedBytes = 16

    /// No form yet, with room for those of so many secrets, as secrets go.
    init(room secrets: Int) {
        forms.reserveCapacity(6 * secrets)
        patterns.reserveCapacity(6 * secrets, bytes: 200 * secrets)
    }

    subscript(index: Int) -> SecretForm { forms[index] }

    /// Adds every spelling of `secret`: as it is, less its own escapes, in Latin-1, in Base64, in hexadecimal; of a
    /// password, which is worth more and of which there are few, also in other letters, backwards, in Base32, in Base64
    /// twice.
    mutating func add(_ secret: String, label: String, isPassword: Bool = false) {
        let bytes = Array(secret.utf8)
        guard bytes.count >= Self.shortest else { return }
        let form = SecretForm(label: label, isPassword: isPassword)
        // Most secrets are made by a generator, of characters that no encoding escapes.
        let isUnreserved = bytes.allSatisfy(\.isJWTCharacter)
        if isUnreserved {
            add(plain: bytes, form)
        } else {
            PeeledText.forEachLayer(of: bytes) { add(plain: $0.bytes, form) }
            if let latin = Self.latin1(secret) { add(plain: latin, form) }
        }
        if isPassword {
            for disguise in Self.disguises(of: secret) { add(plain: disguise, form) }
            add(base64: Base64.encodedBytes(bytes).filter { $0 != UInt8(ascii: "=") }, form)
        }
        add(hexadecimal: bytes, tenIs: UInt8(ascii: "a"), form)
        add(hexadecimal: bytes, tenIs: UInt8(ascii: "A"), form)
        add(base64: bytes, form)
        if !isUnreserved {
            // RFC 6749 §2.3.1: what stands in `Basic` is form-encoded first.
            let encoded = Array(PercentEncoding.encodeForm(secret).utf8)
            if encoded != bytes { add(base64: encoded, form) }
        }
    }

    private mutating func add(plain bytes: [UInt8], _ form: SecretForm) {
        guard bytes.count >= Self.shortest else { return }
        var form = form
        form.isWholeWord = bytes.count < Self.certain
        form.isPrefix = bytes.count > Self.longest
        patterns.append(bytes.prefix(Self.longest))
        forms.append(form)
    }

    /// What a debugging page makes of bytes, in letters of either size.
    private mutating func add(hexadecimal bytes: [UInt8], tenIs ten: UInt8, _ form: SecretForm) {
        var form = form
        form.isPrefix = bytes.count > Self.encodedBytes
        patterns.append(hexadecimal: bytes.prefix(Self.encodedBytes), tenIs: ten)
        forms.append(form)
    }

    /// The characters that are the same whatever stands around the secret. Its first whole one begins at one of these bits,
    /// as no, one or two bytes (modulo 3) precede it.
    private mutating func add(base64 bytes: [UInt8], _ form: SecretForm) {
        var form = form
        form.isPrefix = bytes.count > Self.encodedBytes
        let part = bytes.prefix(Self.encodedBytes)
        for bit in [0, 4, 2] {
            guard (8 * part.count - bit) / 6 >= Self.shortest else { continue }
            form.sharesBefore = bit > 0
            form.sharesAfter = !(8 * part.count - bit).isMultiple(of: 6)
            patterns.append(base64: part, fromBit: bit)
            forms.append(form)
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

    private static func latin1(_ text: String) -> [UInt8]? {
        guard !text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
        let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        return bytes.count == text.unicodeScalars.count ? bytes : nil
    }
}
