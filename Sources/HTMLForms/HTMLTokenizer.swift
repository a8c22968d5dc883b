import WatchCore

/// Splits a page into tags and text, in one pass over its bytes.
///
/// The states of the standard, written as one method for each construct instead of one for each state. Every method
/// moves forward only, so the work is linear; `steps` counts it.
///
/// Source: HTML §13.2.5.
struct HTMLTokenizer {
    /// UTF-8 with `\n` line ends.
    let bytes: [UInt8]
    var position = 0
    /// Bytes looked at, for the tests of linearity.
    var steps = 0
    /// Whether `<![CDATA[` opens a section here: only inside SVG and MathML.
    var allowsCDATA = false

    /// Starts at the first byte of a decoded page.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next token; `.end` again and again after the last one.
    mutating func next() -> HTMLToken {
        while let byte = peek() {
            guard byte == .lessThan else { return text() }
            switch peek(1) {
            case .some(let letter) where letter.isASCIILetter: return startTag()
            case UInt8(ascii: "/"):
                if let token = endTag() { return token }
            case UInt8(ascii: "!"):
                if let token = declaration() { return token }
            case UInt8(ascii: "?"): skip(past: .greaterThan)
            default: return text()
            }
        }
        return .end
    }

    func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    mutating func advance(_ count: Int = 1) {
        position = min(position + count, bytes.count)
        steps += count
    }

    /// Moves behind the next `byte`, or to the end.
    mutating func skip(past byte: UInt8) {
        skip { $0 != byte }
        advance()
    }

    /// Moves over bytes that `isSkipped`, and returns where they stand.
    @discardableResult
    mutating func skip(while isSkipped: (UInt8) -> Bool) -> Range<Int> {
        let start = position
        while position < bytes.count, isSkipped(bytes[position]) { position += 1 }
        steps += position - start + 1
        return start..<position
    }

    /// Whether the bytes at an offset are `word`, in any case.
    func matches(_ word: StaticString, at offset: Int = 0) -> Bool {
        let start = position + offset
        guard start + word.utf8CodeUnitCount <= bytes.count else { return false }
        return word.withUTF8Buffer { buffer in
            buffer.indices.allSatisfy { bytes[start + $0].asciiLowercased == buffer[$0].asciiLowercased }
        }
    }

    /// Text up to the next `<` that opens something.
    private mutating func text() -> HTMLToken {
        let start = position
        repeat {
            advance()
            skip { $0 != .lessThan }
        } while position < bytes.count && !opensMarkup()
        return .text(start..<position, decodes: true)
    }

    private func opensMarkup() -> Bool {
        guard let byte = peek(1) else { return false }
        return byte.isASCIILetter || "/!?".utf8.contains(byte)
    }

    /// `<!`: comment, doctype or CDATA section. Only the last one gives a token.
    private mutating func declaration() -> HTMLToken? {
        if matches("--", at: 2) {
            comment()
        } else if allowsCDATA, matches("[CDATA[", at: 2) {
            advance(9)
            let start = position
            while position < bytes.count, !matches("]]>") { advance() }
            let end = position
            advance(3)
            return .text(start..<end, decodes: false)
        } else {
            skip(past: .greaterThan)
        }
        return nil
    }

    /// `<!-->` and `<!--->` are whole comments; `--!>` ends one too.
    private mutating func comment() {
        advance(4)
        if peek() == .greaterThan { return advance() }
        if matches("->") { return advance(2) }
        while position < bytes.count {
            skip { $0 != .hyphen }
            if matches("-->") { return advance(3) }
            if matches("--!>") { return advance(4) }
            advance()
        }
    }
}

extension UInt8 {
    static let lessThan = UInt8(ascii: "<")
    static let greaterThan = UInt8(ascii: ">")
    static let hyphen = UInt8(ascii: "-")
    static let slash = UInt8(ascii: "/")
    static let equals = UInt8(ascii: "=")

    var isASCIILetter: Bool { (97...122).contains(self | 32) }
    var isASCIIDigit: Bool { (48...57).contains(self) }
    /// Tab, line feed, form feed, carriage return, space.
    var isHTMLSpace: Bool { self == 32 || self == 9 || self == 10 || self == 12 || self == 13 }
}
