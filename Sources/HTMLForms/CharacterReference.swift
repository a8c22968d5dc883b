/// Character references: `&amp;`, `&#39;`, `&#x27;`.
///
/// Source: HTML §13.2.5.72 to §13.2.5.80.
enum CharacterReference {
    /// Replaces every reference in a text.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - inAttribute: whether `&copy=` and `&copyright` stay as they are, as in an attribute's value.
    static func decode(_ bytes: ArraySlice<UInt8>, inAttribute: Bool) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "&") || $0 == 0 }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "&"), let (text, count) = reference(rest, inAttribute: inAttribute) {
                out += text.utf8
                rest = rest.dropFirst(count)
            } else if byte == 0 {
                out += "\u{FFFD}".utf8
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// What stands behind an `&`: its text and how many bytes it takes.
    private static func reference(_ rest: ArraySlice<UInt8>, inAttribute: Bool) -> (String, Int)? {
        rest.first == UInt8(ascii: "#") ? numeric(rest) : named(rest, inAttribute: inAttribute)
    }

    private static func numeric(_ rest: ArraySlice<UInt8>) -> (String, Int)? {
        let isHex = rest.dropFirst().first.map { $0 | 32 } == UInt8(ascii: "x")
        let head = isHex ? 2 : 1
        let digits = rest.dropFirst(head).prefix { $0.isASCIIDigit || (isHex && (97...102).contains($0 | 32)) }
        guard !digits.isEmpty else { return nil }
        let value = digits.reduce(UInt32(0)) { sum, digit in
            min(sum * (isHex ? 16 : 10) + UInt32(digit.isASCIIDigit ? digit - 48 : (digit | 32) - 87), 0x110000)
        }
        let end = rest.dropFirst(head + digits.count)
        return (String(scalar(value)), head + digits.count + (end.first == UInt8(ascii: ";") ? 1 : 0))
    }

    private static func scalar(_ value: UInt32) -> Unicode.Scalar {
        if (128...159).contains(value) { return PageEncoding.scalar(UInt8(value)) }
        return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private static func named(_ rest: ArraySlice<UInt8>, inAttribute: Bool) -> (String, Int)? {
        let word = rest.prefix(32).prefix { $0.isASCIILetter || $0.isASCIIDigit }
        let name = String(decoding: word, as: UTF8.self)
        if rest.dropFirst(word.count).first == UInt8(ascii: ";"), let text = NamedCharacters.all[name] {
            return (text, word.count + 1)
        }
        // Without `;` only the oldest names count, the longest one first; none is longer than six letters.
        for count in (2...6).reversed() where count <= word.count {
            guard let text = NamedCharacters.withoutSemicolon[String(name.prefix(count))] else { continue }
            let next = rest.dropFirst(count).first
            if inAttribute, let next, next == .equals || next.isASCIILetter || next.isASCIIDigit { return nil }
            return (text, count)
        }
        return nil
    }
}
