/// A secret of the lab in what the checker wrote: its report, its trace.
enum Leak {
    /// What the lab's random values begin with, of those that are secrets; see `LabState.random`.
    private static let kinds = ["code", "rat", "at", "rt", "session", "csrf", "secret", "mcp"].map { Array($0.utf8) }
    /// Characters of 256 random bits in Base64url.
    private static let length = 43

    /// Looks for a secret.
    ///
    /// - Parameters:
    ///   - bytes: a report or a trace.
    ///   - password: of the lab's user.
    /// - Returns: what kind of secret stands there, never the secret; nil when none does.
    static func kind(in bytes: [UInt8], password: String) -> String? {
        let word = Array(password.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == word.first, bytes[index...].starts(with: word) { return "password" }
            if byte == UInt8(ascii: "_"), let kind = kind(of: bytes, at: index) { return kind }
        }
        return nil
    }

    /// The kind of the random value whose prefix ends before `underscore`.
    private static func kind(of bytes: [UInt8], at underscore: Int) -> String? {
        let value = bytes[(underscore + 1)...].prefix(length)
        guard value.count == length, value.allSatisfy(isBase64URL) else { return nil }
        return kinds.first { bytes[..<underscore].suffix($0.count).elementsEqual($0) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
