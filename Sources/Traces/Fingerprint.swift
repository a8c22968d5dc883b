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
        return "<redacted:" + code.prefix(4).map(Self.hexadecimal).joined() + ">"
    }

    /// Whether `text` is a name that was given before, or a shape; it is left alone then.
    static func isLabel(_ text: some Collection<UInt8>) -> Bool {
        ["<redacted", password, "<string: "].contains { text.starts(with: $0.utf8) }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
