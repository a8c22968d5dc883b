import Crypto

/// Gives secrets their names: short, equal for equal secrets of a run, of no use to anyone else.
struct Fingerprint: Sendable {
    /// Random bytes, of this run only.
    var key: [UInt8]

    static let password = "<password>"

    /// `<redacted:1a2b3c4d>`: the same for the same secret in whatever form it stands.
    ///
    /// Source: RFC 2104.
    func label(_ secret: some Sequence<UInt8>) -> String {
        let core = PeeledText.core(of: Array(secret)).map(\.folded)
        let code = HMACSHA256.authenticate(key: key, message: core)
        let digits = code.prefix(4).flatMap { [Self.hexadecimal($0 >> 4), Self.hexadecimal($0 & 15)] }
        return "<redacted:" + String(decoding: digits, as: UTF8.self) + ">"
    }

    /// Whether `text` is a name that was given before, or a shape; it is left alone then.
    static func isLabel(_ text: some Collection<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "<") else { return false }
        return ["<redacted", password, "<string: "].contains { text.starts(with: $0.utf8) }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
