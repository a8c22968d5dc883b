import Crypto

/// Gives secrets their names: short, equal for equal secrets of a run, of no use to anyone else.
struct Fingerprint: Sendable {
    private let code: HMACSHA256

    /// Names under a key: random bytes, of this run only.
    init(key: [UInt8]) { code = HMACSHA256(key: key) }

    static let password = "<password>"
    private static let beginning = Array("<redacted:".utf8)

    /// `<redacted:1a2b3c4d>`: the same for the same secret in whatever form it stands.
    ///
    /// Source: RFC 2104.
    func label(_ secret: some Sequence<UInt8>) -> String {
        var core = PeeledText.core(of: Array(secret))
        for index in core.indices { core[index] = core[index].folded }
        let code = code.authenticate(core)
        return String(unsafeUninitializedCapacity: Self.length) { label in
            var count = label.update(fromContentsOf: Self.beginning)
            for byte in code.prefix(4) {
                label[count] = Self.hexadecimal(byte >> 4)
                label[count + 1] = Self.hexadecimal(byte & 15)
                count += 2
            }
            label[count] = UInt8(ascii: ">")
            return Self.length
        }
    }

    private static let length = beginning.count + 9

    /// Whether `text` is a name that was given before, or a shape; it is left alone then.
    static func isLabel(_ text: some Collection<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "<") else { return false }
        return ["<redacted", password, "<string: "].contains { text.starts(with: $0.utf8) }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
