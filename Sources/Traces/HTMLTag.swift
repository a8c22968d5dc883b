import WatchCore

/// The attributes of one tag, as far as they tell whether its value is a secret.
///
/// Source: the WHATWG HTML standard, attribute states of the tokenizer.
struct HTMLTag {
    /// After its `>`, or where it is cut off.
    private(set) var end: Int
    private let text: [UInt8]
    private var attributes: [(name: String, value: Range<Int>)] = []

    /// Reads attributes from `index` to the end of the tag.
    init(_ text: [UInt8], attributesAt index: Int) {
        self.text = text
        end = index
        while end < text.count, text[end] != UInt8(ascii: ">"), text[end] != UInt8(ascii: "<") { readAttribute() }
    }

    /// The place of the secret in it, and whether that is a password.
    var secret: (range: Range<Int>, isPassword: Bool)? {
        guard let value = range("value") ?? range("content"), !value.isEmpty else { return nil }
        let name = NameKey(range("name").map { text[$0] } ?? [])
        let type = range("type").map { String(decoding: text[$0], as: UTF8.self).lowercased() }
        switch SensitiveName.parameter(name) {
        case .password: return (value, true)
        case .secret, .ambiguous: return (value, false)
        case nil: break
        }
        if type == "password" { return (value, true) }
        let isHiddenSecret = type == "hidden" && !SensitiveName.isPublic(name) && SensitiveName.looksRandom(text[value])
        return isHiddenSecret ? (value, false) : nil
    }

    private func range(_ name: String) -> Range<Int>? { attributes.first { $0.name == name }?.value }

    private mutating func readAttribute() {
        if text[end].isSpace || "/=\"'".utf8.contains(text[end]) {
            end += 1
            return
        }
        let nameStart = end
        skip { !$0.isSpace && !"/=<>".utf8.contains($0) }
        let name = String(decoding: text[nameStart..<end], as: UTF8.self).lowercased()
        skip(\.isSpace)
        guard end < text.count, text[end] == UInt8(ascii: "=") else { return }
        end += 1
        skip(\.isSpace)
        attributes.append((name, readValue()))
    }

    private mutating func readValue() -> Range<Int> {
        guard end < text.count else { return end..<end }
        let quote = text[end]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = end
            skip { !$0.isSpace && $0 != UInt8(ascii: ">") }
            return start..<end
        }
        let start = end + 1
        end = start
        skip { $0 != quote }
        let range = start..<end
        end = min(end + 1, text.count)
        return range
    }

    private mutating func skip(_ isPart: (UInt8) -> Bool) {
        while end < text.count, isPart(text[end]) { end += 1 }
    }
}
