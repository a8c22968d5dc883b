/// Base64 with padding.
///
/// Source: RFC 4648 §4.
package enum Base64 {
    /// The text for `bytes`, padded with `=`.
    package static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: encodedBytes(bytes), as: UTF8.self)
    }

    /// The bytes of the text for `bytes`, padded with `=`.
    package static func encodedBytes(_ bytes: [UInt8]) -> [UInt8] {
        encode(bytes, alphabet: standard, padded: true)
    }

    /// The bytes that `text` stands for; padding may be missing.
    ///
    /// - Returns: nil when a character is outside the alphabet or the length cannot be.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(text, alphabet: standard)
    }

    fileprivate static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    fileprivate static let urlSafe = Array(standard.dropLast(2)) + Array("-_".utf8)

    fileprivate static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var value = UInt32(bytes[start]) << 16
            if count > 1 { value |= UInt32(bytes[start + 1]) << 8 }
            if count > 2 { value |= UInt32(bytes[start + 2]) }
            for index in 0..<4 {
                if index <= count {
                    out.append(alphabet[Int(value >> (18 - 6 * UInt32(index)) & 63)])
                } else if padded {
                    out.append(UInt8(ascii: "="))
                }
            }
        }
        return out
    }

    fileprivate static func decode(_ text: String, alphabet: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        var value: UInt32 = 0
        var bits: UInt32 = 0
        let end = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.count
        guard end % 4 != 1 else { return nil }
        for byte in text.utf8.prefix(end) {
            guard let digit = alphabet.firstIndex(of: byte) else { return nil }
            value = value << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: value >> bits))
            }
        }
        return out
    }
}

/// Base64 with the URL-safe alphabet, without padding.
///
/// Source: RFC 4648 §5; RFC 7636 §3.
package enum Base64URL {
    /// The text for `bytes`.
    package static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.encode(bytes, alphabet: Base64.urlSafe, padded: false), as: UTF8.self)
    }

    /// The bytes that `text` stands for.
    ///
    /// - Returns: nil when a character is outside the alphabet or the length cannot be.
    package static func decode(_ text: String) -> [UInt8]? {
        Base64.decode(text, alphabet: Base64.urlSafe)
    }
}
