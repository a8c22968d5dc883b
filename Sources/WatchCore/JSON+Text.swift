extension JSON {
    /// The value as JSON text.
    ///
    /// - Parameter indent: spaces a level; nil writes one line without spaces.
    /// - Returns: text in UTF-8, without a line end.
    package func text(indent: Int? = nil) -> String {
        String(decoding: bytes(indent: indent), as: UTF8.self)
    }

    /// The value as the bytes of JSON text; see `text(indent:)`.
    package func bytes(indent: Int? = nil) -> [UInt8] {
        var writer = JSONWriter(indent: indent)
        writer.write(self)
        return writer.out.bytes
    }
}

/// Writes JSON text from front to back.
private struct JSONWriter: ~Copyable {
    private(set) var out = ByteSink()
    /// Spaces a level; nil: all on one line.
    let indent: Int?
    private var level = 0

    init(indent: Int?) { self.indent = indent }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: write(plain: "null")
        case .bool(let value): write(plain: value ? "true" : "false")
        case .integer(let value): write(digits: String(value))
        case .number(let value): write(digits: value.isFinite ? String(value) : "null")
        case .string(let text): write(text)
        case .array(let elements): write(elements)
        case .object(let members): write(members)
        }
    }

    private mutating func write(_ elements: [JSON]) {
        out.append(UInt8(ascii: "["))
        level += 1
        for index in elements.indices {
            beginElement(isFirst: index == 0)
            write(elements[index])
        }
        end(with: UInt8(ascii: "]"), isEmpty: elements.isEmpty)
    }

    private mutating func write(_ members: [JSON.Member]) {
        out.append(UInt8(ascii: "{"))
        level += 1
        for index in members.indices {
            beginElement(isFirst: index == 0)
            write(members[index].name)
            out.append(UInt8(ascii: ":"))
            if indent != nil { out.append(UInt8(ascii: " ")) }
            write(members[index].value)
        }
        end(with: UInt8(ascii: "}"), isEmpty: members.isEmpty)
    }

    private mutating func beginElement(isFirst: Bool) {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        newLine()
    }

    private mutating func end(with bracket: UInt8, isEmpty: Bool) {
        level -= 1
        if !isEmpty { newLine() }
        out.append(bracket)
    }

    private mutating func newLine() {
        guard let indent else { return }
        out.append(UInt8(ascii: "\n"))
        out.append(UInt8(ascii: " "), count: indent * level)
    }

    private mutating func write(digits: String) {
        var digits = digits
        digits.withUTF8 { out.append($0) }
    }

    private mutating func write(plain word: StaticString) {
        out.append(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private mutating func write(_ text: String) {
        var text = text
        out.append(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            var start = 0
            // Most text needs no escape: it is copied in runs.
            for index in bytes.indices where !Self.isPlain(bytes[index]) {
                if bytes[index] > 127 { return writeByCharacter(UnsafeBufferPointer(rebasing: bytes[start...])) }
                out.append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
                escape(bytes[index])
                start = index + 1
            }
            out.append(UnsafeBufferPointer(rebasing: bytes[start...]))
        }
        out.append(UInt8(ascii: "\""))
    }

    /// What shows nothing is escaped, beyond what JSON asks for: the text may end up on a terminal.
    private mutating func writeByCharacter(_ bytes: UnsafeBufferPointer<UInt8>) {
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                if Self.needsEscape(byte) { escape(byte) } else { out.append(byte) }
            } else if scalar.isInvisible {
                for unit in String(scalar).utf16 {
                    write(plain: "\\u")
                    for shift in [12, 8, 4, 0] { out.append(Self.hexadecimal(UInt8(unit >> shift & 15))) }
                }
            } else {
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { out.append(byte) }
            }
        }
    }

    /// Whether a byte is copied as it is.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > UInt8(ascii: "\"") ? byte < 127 && byte != UInt8(ascii: "\\") : byte == 32 || byte == 33
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 32 || byte == 127 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        out.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(byte)
        case UInt8(ascii: "\n"): out.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): out.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): out.append(UInt8(ascii: "t"))
        default:
            write(plain: "u00")
            out.append(Self.hexadecimal(byte >> 4))
            out.append(Self.hexadecimal(byte & 15))
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
