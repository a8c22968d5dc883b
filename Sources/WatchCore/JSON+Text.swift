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
        var out: [UInt8] = []
        write(to: &out, indent: indent, level: 0)
        return out
    }

    private func write(to out: inout [UInt8], indent: Int?, level: Int) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .integer(let value): out += String(value).utf8
        case .number(let value): out += (value.isFinite ? String(value) : "null").utf8
        case .string(let text): Self.write(text, to: &out)
        case .array(let elements):
            Self.writeList(elements, brackets: ("[", "]"), to: &out, indent: indent, level: level) { element, out in
                element.write(to: &out, indent: indent, level: level + 1)
            }
        case .object(let members):
            Self.writeList(members, brackets: ("{", "}"), to: &out, indent: indent, level: level) { member, out in
                Self.write(member.name, to: &out)
                out += (indent == nil ? ":" : ": ").utf8
                member.value.write(to: &out, indent: indent, level: level + 1)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], brackets: (String, String), to out: inout [UInt8], indent: Int?, level: Int,
        each: (Element, inout [UInt8]) -> Void
    ) {
        func newLine(_ level: Int) {
            guard let indent else { return }
            out.append(UInt8(ascii: "\n"))
            out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * level))
        }
        out += brackets.0.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            newLine(level + 1)
            each(element, &out)
        }
        if !elements.isEmpty { newLine(level) }
        out += brackets.1.utf8
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        var text = text
        out.append(UInt8(ascii: "\""))
        defer { out.append(UInt8(ascii: "\"")) }
        text.withUTF8 { bytes in
            if bytes.contains(where: { $0 > 127 }) { return writeByCharacter(bytes, to: &out) }
            var start = 0
            // Most text needs no escape: it is copied in runs.
            for index in bytes.indices where needsEscape(bytes[index]) {
                out.append(contentsOf: bytes[start..<index])
                escape(bytes[index], to: &out)
                start = index + 1
            }
            out.append(contentsOf: bytes[start...])
        }
    }

    /// What shows nothing is escaped, beyond what JSON asks for: the text may end up on a terminal.
    private static func writeByCharacter(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                if needsEscape(byte) { escape(byte, to: &out) } else { out.append(byte) }
            } else if scalar.isInvisible {
                for unit in String(scalar).utf16 {
                    out += "\\u".utf8
                    out += [12, 8, 4, 0].map { hexDigits[Int(unit >> $0) & 15] }
                }
            } else {
                UTF8.encode(scalar).map { out.append(contentsOf: $0) }
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 32 || byte == 127 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func escape(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): out += "\\n".utf8
        case UInt8(ascii: "\r"): out += "\\r".utf8
        case UInt8(ascii: "\t"): out += "\\t".utf8
        default:
            out += "\\u00".utf8
            out += [hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
