import WatchCore

/// Finds secrets in a text by where they stand: after the name of a parameter or member, as a credential of an
/// authentication scheme, as a JWT, in a control of a form.
///
/// It reads any text, of whatever kind or broken how, in one pass; each byte is looked at a bounded number of times.
struct StructureScanner {
    /// A secret's place, and whether it is a password.
    struct Place {
        var range: Range<Int>
        var isPassword: Bool
    }

    let text: [UInt8]
    private(set) var places: [Place] = []
    /// Where the last tag and the last run of JWT characters ended: none is read twice.
    private var tagEnd = 0
    private var runEnd = 0

    private static let longestName = 64

    /// Looks through `text`.
    init(_ text: [UInt8]) {
        self.text = text
        var index = ByteTraits.nextBeginning(in: text, from: 0)
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "="): index = assignment(at: index)
            case UInt8(ascii: ":"): index = member(at: index)
            case UInt8(ascii: "<"):
                tag(at: index)
                index += 1
            case UInt8(ascii: "e"):
                jwt(at: index)
                index += 1
            default: index = credential(at: index)
            }
            index = ByteTraits.nextBeginning(in: text, from: index)
        }
    }

    mutating func add(_ range: Range<Int>, isPassword: Bool) {
        guard !range.isEmpty, !Fingerprint.isLabel(text[range]) else { return }
        places.append(Place(range: range, isPassword: isPassword))
    }

    /// `NAME=VALUE`, in a query, a form, a cookie, a log line. Returns where to go on.
    private mutating func assignment(at index: Int) -> Int {
        let name = text[nameStart(before: index)..<index]
        guard !name.isEmpty, let meaning = SensitiveName.parameter(NameKey(name)) else { return index + 1 }
        let range = quotedOrPlain(from: index + 1)
        add(range, isPassword: meaning == .password)
        return max(index + 1, range.upperBound)
    }

    /// `"NAME": "VALUE"`, in JSON and its like, and `user:password@`. Returns where to go on.
    private mutating func member(at index: Int) -> Int {
        if text[(index + 1)...].starts(with: "//".utf8) {
            userinfo(at: index + 3)
            return index + 3
        }
        var end = index
        while end > 0, text[end - 1] == 32, index - end < 8 { end -= 1 }
        guard end > 1, text[end - 1].isQuote else { return index + 1 }
        let start = nameStart(before: end - 1)
        guard start > 0, text[start - 1] == text[end - 1],
            let meaning = SensitiveName.meaning(NameKey(text[start..<end - 1]))
        else { return index + 1 }
        guard let open = text[(index + 1)...].firstIndex(where: { !$0.isSpace }), text[open].isQuote
        else { return index + 1 }
        let range = quoted(from: open)
        // What stays is looked through itself: a request line under "request" may hold a code.
        if meaning == .ambiguous, !SensitiveName.looksRandom(text[range]) { return open + 1 }
        add(range, isPassword: meaning == .password)
        return range.upperBound
    }

    /// The password in `//user:password@host`.
    private mutating func userinfo(at start: Int) {
        let authority = text[start...].prefix(512).prefix {
            !$0.isValueEnd && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
        }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
            let colon = authority.firstIndex(of: UInt8(ascii: ":")),
            colon < at
        else { return }
        add(colon + 1..<at, isPassword: true)
    }

    /// `Bearer TOKEN` and `Basic CREDENTIALS`. Returns where to go on.
    private mutating func credential(at index: Int) -> Int {
        guard index == 0 || !text[index - 1].isWordCharacter,
            let scheme = ["bearer ", "basic "].first(where: { hasWord($0, at: index) })
        else { return index + 1 }
        let start = index + scheme.utf8.count
        let end = text[start...].firstIndex { !$0.isTokenCharacter } ?? text.count
        guard SensitiveName.looksRandom(text[start..<end]) else { return start }
        add(start..<end, isPassword: false)
        return end
    }

    /// Three or five parts in base64url, the first of which begins with `{"`.
    ///
    /// Source: RFC 7515 §3.1; RFC 7516 §3.1.
    private mutating func jwt(at index: Int) {
        guard index >= runEnd, index + 2 < text.count, text[index + 1] == UInt8(ascii: "y"),
            text[index + 2] == UInt8(ascii: "J"), index == 0 || !text[index - 1].isJWTCharacter
        else { return }
        runEnd = text[index...].firstIndex { !$0.isJWTCharacter } ?? text.count
        let parts = text[index..<runEnd].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].count >= 8, parts[1].count >= 2 else { return }
        add(index..<runEnd, isPassword: false)
    }

    /// A control of a form, or what a page tells its scripts in `meta`.
    private mutating func tag(at index: Int) {
        guard index >= tagEnd, let name = ["input", "meta", "button"].first(where: { hasWord($0, at: index + 1) })
        else { return }
        let tag = HTMLTag(text, attributesAt: index + 1 + name.utf8.count)
        tagEnd = tag.end
        if let (range, isPassword) = tag.secret { add(range, isPassword: isPassword) }
    }

    private func hasWord(_ word: String, at index: Int) -> Bool {
        index < text.count
            && text[index...].prefix(word.utf8.count).lazy.map(\.asciiLowercased).elementsEqual(word.utf8)
    }

    private func nameStart(before end: Int) -> Int {
        var start = end
        while start > 0, end - start < Self.longestName, text[start - 1].isNameCharacter { start -= 1 }
        return start
    }

    private func quotedOrPlain(from start: Int) -> Range<Int> {
        guard start < text.count else { return start..<start }
        if text[start].isQuote { return quoted(from: start) }
        return start..<(text[start...].firstIndex(where: \.isValueEnd) ?? text.count)
    }

    /// What stands between the quote at `open` and its like; a text that is cut off ends it, too.
    private func quoted(from open: Int) -> Range<Int> {
        var end = open + 1
        while end < text.count, text[end] != text[open] {
            end += text[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return open + 1..<min(end, text.count)
    }
}
