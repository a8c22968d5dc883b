import WatchCore

/// Reads a JSON text from front to back, each byte once.
///
/// Source: RFC 8259.
struct JSONParser {
    /// What is wrong at `position`.
    enum Fault: Error {
        case syntax(String)
        case depth
    }

    /// Most objects hold no more. Lists get no room ahead: those of a hostile body, each with one element, would take twice the
    /// memory.
    private static let usualCount = 4

    private let text: UnsafeBufferPointer<UInt8>
    /// The next byte.
    private(set) var position: Int
    private var depth = 0

    /// A parser of `text` from the byte at `start` on.
    init(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
        self.text = text
        position = start
    }

    /// The one value of the text.
    mutating func document() throws(Fault) -> JSON {
        skipSpaces()
        let value = try value()
        if position < text.count { throw .syntax("something follows the end of the text") }
        return value
    }

    /// A value, and the white space behind it.
    private mutating func value() throws(Fault) -> JSON {
        let value: JSON
        switch peek {
        case UInt8(ascii: "{"): value = .object(try members())
        case UInt8(ascii: "["): value = .array(try elements())
        case UInt8(ascii: "\""): value = .string(try string())
        case UInt8(ascii: "-"), .some(48...57): value = try number()
        case UInt8(ascii: "t"): value = try word("true", .bool(true))
        case UInt8(ascii: "f"): value = try word("false", .bool(false))
        case UInt8(ascii: "n"): value = try word("null", .null)
        case nil: throw .syntax("the text ends where a value belongs")
        default: throw .syntax("no value begins so")
        }
        skipSpaces()
        return value
    }

    private mutating func members() throws(Fault) -> [JSON.Member] {
        var members: [JSON.Member] = []
        if try open(UInt8(ascii: "}")) { return members }
        members.reserveCapacity(Self.usualCount)
        repeat {
            skipSpaces()
            guard peek == UInt8(ascii: "\"") else { throw .syntax("the name of a member belongs here") }
            let name = try string()
            skipSpaces()
            guard take(UInt8(ascii: ":")) else { throw .syntax("a colon belongs here") }
            skipSpaces()
            members.append(JSON.Member(name, try value()))
        } while take(UInt8(ascii: ","))
        try close(UInt8(ascii: "}"))
        return members
    }

    private mutating func elements() throws(Fault) -> [JSON] {
        var elements: [JSON] = []
        if try open(UInt8(ascii: "]")) { return elements }
        repeat {
            skipSpaces()
            elements.append(try value())
        } while take(UInt8(ascii: ","))
        try close(UInt8(ascii: "]"))
        return elements
    }

    /// Moves over a bracket; whether the other one follows at once.
    private mutating func open(_ end: UInt8) throws(Fault) -> Bool {
        guard depth < JSON.maximumDepth else { throw .depth }
        position += 1
        skipSpaces()
        if take(end) { return true }
        depth += 1
        return false
    }

    private mutating func close(_ end: UInt8) throws(Fault) {
        guard take(end) else { throw .syntax("a comma or the end of an array or object belongs here") }
        depth -= 1
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(Fault) -> JSON {
        let end = position + word.utf8CodeUnitCount
        let isThere = end <= text.count && word.withUTF8Buffer { $0.elementsEqual(text[position..<end]) }
        guard isThere else { throw .syntax("no value begins so") }
        position = end
        return value
    }

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while position < text.count {
            switch text[position] {
            case 9, 10, 13, 32: position += 1
            default: return
            }
        }
    }
}

// MARK: Numbers

extension JSONParser {
    /// A number that is whole and fits into 64 bits stays exact; another becomes a floating-point one: some servers date
    /// tokens centuries ahead.
    private mutating func number() throws(Fault) -> JSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), digits() == 0 { throw .syntax("a digit belongs here") }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            if digits() == 0 { throw .syntax("a digit belongs here") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if digits() == 0 { throw .syntax("a digit belongs here") }
        }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        if isWhole, let value = Int(digits) { return .integer(value) }
        guard let value = Double(digits), value.isFinite else { throw .syntax("the number is out of range") }
        return .number(value)
    }

    /// Moves over digits, and counts them.
    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, (48...57).contains(byte) { position += 1 }
        return position - start
    }
}

// MARK: Strings

extension JSONParser {
    private mutating func string() throws(Fault) -> String {
        position += 1
        let start = position
        let isASCII = skipPlain()
        // Most strings hold no escape, and are taken over as they are.
        guard peek == UInt8(ascii: "\\") else {
            let end = position
            try endString()
            let bytes = UnsafeBufferPointer(rebasing: text[start..<end])
            return isASCII ? String(decoding: bytes, as: UTF8.self) : try validated(bytes)
        }
        var bytes = Array(text[start..<position])
        while peek == UInt8(ascii: "\\") {
            position += 1
            try escape(into: &bytes)
            let start = position
            skipPlain()
            bytes.append(contentsOf: text[start..<position])
        }
        try endString()
        return try bytes.withUnsafeBufferPointer { bytes throws(Fault) in try validated(bytes) }
    }

    /// Moves to the quote, the escape or the control character that comes next.
    ///
    /// - Returns: whether all that it went over is ASCII.
    @discardableResult
    private mutating func skipPlain() -> Bool {
        var all: UInt8 = 0
        var end = position
        while end < text.count {
            let byte = text[end]
            if byte < 32 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            all |= byte
            end += 1
        }
        position = end
        return all < 128
    }

    private mutating func endString() throws(Fault) {
        if take(UInt8(ascii: "\"")) { return }
        throw .syntax(peek == nil ? "the text ends in a string" : "a control character stands in a string")
    }

    private func validated(_ bytes: UnsafeBufferPointer<UInt8>) throws(Fault) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else { throw .syntax("the string is not UTF-8") }
        return string
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(Fault) {
        guard let byte = peek else { throw .syntax("the text ends in a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "n"): bytes.append(10)
        case UInt8(ascii: "t"): bytes.append(9)
        case UInt8(ascii: "r"): bytes.append(13)
        case UInt8(ascii: "b"): bytes.append(8)
        case UInt8(ascii: "f"): bytes.append(12)
        case UInt8(ascii: "u"): bytes.append(contentsOf: UTF8.encode(try scalar()).map(Array.init) ?? [])
        default: throw .syntax("no such escape")
        }
    }

    /// The character behind `\u`, which may take a second escape.
    private mutating func scalar() throws(Fault) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw .syntax("half a character")
        }
        let second = try unit()
        guard (0xdc00...0xdfff).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw .syntax("half a character") }
        return scalar
    }

    private mutating func unit() throws(Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw .syntax("four hexadecimal digits belong here")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
