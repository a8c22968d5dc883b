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

    /// Appends the whole digits that stand for `bytes` from one of their first bits on.
    package static func append(digitsOf bytes: ArraySlice<UInt8>, fromBit bit: Int, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: max(8 * bytes.count - bit, 0) / 6))
        text.withUnsafeMutableBufferPointer { text in
            bytes.withUnsafeBufferPointer {
                write($0, from: bit, to: UnsafeMutableBufferPointer(rebasing: text[start...]), standard)
            }
        }
    }

    fileprivate static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> [UInt8] {
        let digits = (8 * bytes.count + 5) / 6
        let length = padded ? (bytes.count + 2) / 3 * 4 : digits
        return [UInt8](unsafeUninitializedCapacity: length) { out, count in
            bytes.withUnsafeBufferPointer {
                write($0, from: 0, to: UnsafeMutableBufferPointer(rebasing: out[..<digits]), alphabet)
            }
            for index in digits..<length { out[index] = UInt8(ascii: "=") }
            count = length
        }
    }

    /// Fills `digits` with what stands for `bytes` from a bit on; bits that are missing at the end are zero.
    private static func write(
        _ bytes: UnsafeBufferPointer<UInt8>, from bit: Int, to digits: UnsafeMutableBufferPointer<UInt8>,
        _ alphabet: [UInt8]
    ) {
        alphabet.withUnsafeBufferPointer { alphabet in
            var bit = bit
            for index in digits.indices {
                // Each digit stands in one byte, or across two.
                let (place, next) = (bit >> 3, bit >> 3 &+ 1)
                let pair = UInt(bytes[place]) << 8 | (next < bytes.count ? UInt(bytes[next]) : 0)
                digits[index] = alphabet[Int(truncatingIfNeeded: pair >> UInt(10 &- (bit & 7)) & 63)]
                bit &+= 6
            }
        }
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
