/// Writes JSON text from front to back: whole values, or objects and arrays piece by piece.
///
/// What it is told to write must make a value: after the name of a member comes its value, and each beginning has its end.
package struct JSONWriter: ~Copyable {
    private var out: ByteSink
    /// Spaces a level; nil: all on one line.
    private let indent: Int?
    private var level = 0
    /// Whether something stands before the next element, from which it must be parted.
    private var hasElements = false
    /// Whether the name of a member was written last.
    private var hasName = false
    /// Where the element begins that was begun last: a value, or the name of a member.
    package private(set) var elementStart = 0

    /// Nothing yet.
    ///
    /// - Parameters:
    ///   - indent: spaces a level; nil writes one line without spaces.
    ///   - capacity: bytes that there is room for at first.
    package init(indent: Int? = nil, capacity: Int = 4_096) {
        out = ByteSink(capacity: capacity)
        self.indent = indent
    }

    /// All that was written, in UTF-8.
    package var bytes: [UInt8] { out.bytes }

    /// Ends the line, after a whole value.
    package mutating func endLine() { out.append(UInt8(ascii: "\n")) }

    // MARK: Objects and arrays

    /// Begins an object.
    package mutating func beginObject() { begin(with: UInt8(ascii: "{")) }

    /// Ends the object that was begun last.
    package mutating func endObject() { end(with: UInt8(ascii: "}")) }

    /// Begins an array.
    package mutating func beginArray() { begin(with: UInt8(ascii: "[")) }

    /// Ends the array that was begun last.
    package mutating func endArray() { end(with: UInt8(ascii: "]")) }

    /// The name of a member, whose value comes next.
    package mutating func write(name: String) {
        beginElement()
        write(quoted: name)
        endName()
    }

    /// The name of a member, in UTF-8; its value comes next.
    package mutating func write(nameInUTF8 name: UnsafeBufferPointer<UInt8>) {
        beginElement()
        write(quoted: name)
        endName()
    }

    /// The name of a member that is written here, in ASCII without anything to escape; its value comes next.
    package mutating func write(name: StaticString) {
        beginElement()
        out.append(Self.quote, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), Self.quote)
        endName()
    }

    private mutating func begin(with bracket: UInt8) {
        beginElement()
        out.append(bracket)
        level += 1
        hasElements = false
    }

    private mutating func end(with bracket: UInt8) {
        level -= 1
        if hasElements { newLine() }
        out.append(bracket)
        hasElements = true
    }

    /// A value that follows a name stands where it is.
    private mutating func beginElement() {
        if hasName {
            hasName = false
            return
        }
        if hasElements { out.append(UInt8(ascii: ",")) }
        if level > 0 { newLine() }
        hasElements = true
        elementStart = out.count
    }

    private mutating func endName() {
        if indent != nil { out.append(UInt8(ascii: ":"), UInt8(ascii: " ")) } else { out.append(UInt8(ascii: ":")) }
        hasName = true
    }

    private mutating func newLine() {
        if let indent { out.append(lineThenSpaces: indent * level) }
    }

    // MARK: Again

    /// Where the next byte comes to stand.
    package var end: Int { out.count }

    /// Writes once more what stands from the beginning of one element to the end of that or a later one. It must stand in
    /// an object or array of the same level.
    package mutating func write(again place: Range<Int>) {
        beginElement()
        out.append(again: place)
    }

    // MARK: Values

    /// A whole value.
    package mutating func write(_ value: JSON) {
        switch value {
        case .null: writeNull()
        case .bool(let value): write(value)
        case .integer(let value): write(value)
        case .number(let value): write(value)
        case .string(let text): write(text)
        case .array(let elements):
            beginArray()
            for element in elements { write(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                write(name: member.name)
                write(member.value)
            }
            endObject()
        }
    }

    /// `null`.
    package mutating func writeNull() {
        beginElement()
        write(plain: "null")
    }

    /// A truth value.
    package mutating func write(_ value: Bool) {
        beginElement()
        write(plain: value ? "true" : "false")
    }

    /// A whole number.
    package mutating func write(_ value: Int) {
        beginElement()
        out.append(decimal: value)
    }

    /// A number; `null` for what JSON has no number for.
    package mutating func write(_ value: Double) {
        beginElement()
        write(digits: value.isFinite ? String(value) : "null")
    }

    /// The seconds of a duration, as a number.
    package mutating func write(seconds duration: Duration) {
        beginElement()
        if !SecondsText.with(duration.nanoseconds, { out.append($0) }) { write(digits: String(duration.seconds)) }
    }

    /// A string; `null` for none.
    package mutating func write(_ text: String?) {
        guard let text else { return writeNull() }
        beginElement()
        write(quoted: text)
    }

    /// A string, in UTF-8; what is broken of it becomes replacement characters.
    package mutating func write(utf8 text: UnsafeBufferPointer<UInt8>) {
        beginElement()
        write(quoted: text)
    }

    /// A value that is JSON text already, as this writer writes it on one line; it gets the lines and spaces of this one.
    package mutating func write(compact text: [UInt8]) {
        text.withUnsafeBufferPointer { text in
            var index = 0
            while index < text.count {
                switch text[index] {
                case UInt8(ascii: "{"), UInt8(ascii: "["): begin(with: text[index])
                case UInt8(ascii: "}"), UInt8(ascii: "]"): end(with: text[index])
                case UInt8(ascii: ","): break
                case UInt8(ascii: ":"): endName()
                default:
                    beginElement()
                    let end = Self.endOfScalar(in: text, from: index)
                    out.append(UnsafeBufferPointer(rebasing: text[index..<end]))
                    index = end
                    continue
                }
                index += 1
            }
        }
    }

    /// Where a string, number or word ends that begins at `start`.
    private static func endOfScalar(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard text[start] == quote else { return text[start...].firstIndex(where: endsElement) ?? text.count }
        var index = PlainRun.end(in: text, from: start + 1)
        while index < text.count, text[index] != quote {
            index = PlainRun.end(in: text, from: min(index + (text[index] == UInt8(ascii: "\\") ? 2 : 1), text.count))
        }
        return min(index + 1, text.count)
    }

    private static func endsElement(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }

    // MARK: Text

    private mutating func write(digits: String) {
        var digits = digits
        digits.withUTF8 { out.append($0) }
    }

    private mutating func write(plain word: StaticString) {
        out.append(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private mutating func write(quoted text: String) {
        // A string of our own is not copied first, as `withUTF8` asks for.
        guard text.utf8.withContiguousStorageIfAvailable({ write(quoted: $0) }) == nil else { return }
        var text = text
        text.withUTF8 { write(quoted: $0) }
    }

    private mutating func write(quoted text: UnsafeBufferPointer<UInt8>) {
        var end = PlainRun.end(in: text, from: 0)
        if end == text.count { return out.append(Self.quote, text, Self.quote) }
        out.append(Self.quote)
        var start = 0
        // Most text needs no escape: it is copied in runs.
        while end < text.count, text[end] < 128 {
            out.append(UnsafeBufferPointer(rebasing: text[start..<end]))
            escape(text[end])
            start = end + 1
            end = PlainRun.end(in: text, from: start)
        }
        let rest = UnsafeBufferPointer(rebasing: text[start...])
        if end < text.count { writeByCharacter(rest) } else { out.append(rest) }
        out.append(Self.quote)
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

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 32 || byte == 127 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(UInt8(ascii: "\\"), byte)
        case UInt8(ascii: "\n"): write(plain: "\\n")
        case UInt8(ascii: "\r"): write(plain: "\\r")
        case UInt8(ascii: "\t"): write(plain: "\\t")
        default:
            write(plain: "\\u00")
            out.append(Self.hexadecimal(byte >> 4), Self.hexadecimal(byte & 15))
        }
    }

    private static let quote = UInt8(ascii: "\"")

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
