import WatchCore

extension HTMLTokenizer {
    /// A start tag; the end of the page inside it swallows it.
    mutating func startTag() -> HTMLToken {
        advance()
        guard let tag = tagBody() else { return .end }
        return .startTag(tag)
    }

    /// An end tag, or nil for what begins like one and is a comment.
    mutating func endTag() -> HTMLToken? {
        guard let byte = peek(2) else { return text(count: 2) }
        guard byte.isASCIILetter else {
            skip(past: .greaterThan)
            return nil
        }
        advance(2)
        return tagBody().map { .endTag($0.name) } ?? .end
    }

    private mutating func text(count: Int) -> HTMLToken {
        let start = position
        advance(count)
        return .text(start..<position, decodes: false)
    }

    /// Name and attributes up to `>`; nil when the page ends before.
    private mutating func tagBody() -> StartTag? {
        let name = skip { !$0.isHTMLSpace && $0 != .slash && $0 != .greaterThan }
        var tag = StartTag(name: lowercased(name))
        while position < bytes.count {
            skip { $0.isHTMLSpace }
            switch peek() {
            case nil: return nil
            case .greaterThan:
                advance()
                return tag
            case .slash:
                advance()
                tag.isSelfClosing = peek() == .greaterThan
            default:
                guard let (name, value) = attribute() else { return nil }
                if tag.attributes[name] == nil { tag.attributes[name] = value }
            }
        }
        return nil
    }

    /// One attribute; nil when the page ends in it.
    private mutating func attribute() -> (String, String)? {
        let start = position
        advance()  // even `=` when it comes first
        skip { !$0.isHTMLSpace && $0 != .slash && $0 != .greaterThan && $0 != .equals }
        let name = lowercased(start..<position)
        skip { $0.isHTMLSpace }
        guard peek() == .equals else { return (name, "") }
        advance()
        skip { $0.isHTMLSpace }
        guard let value = attributeValue() else { return nil }
        return (name, CharacterReference.decode(bytes[value], inAttribute: true))
    }

    private mutating func attributeValue() -> Range<Int>? {
        guard let quote = peek() else { return nil }
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return skip { !$0.isHTMLSpace && $0 != .greaterThan }
        }
        advance()
        let value = skip { $0 != quote }
        guard position < bytes.count else { return nil }
        advance()
        return value
    }

    private func lowercased(_ range: Range<Int>) -> String {
        String(unsafeUninitializedCapacity: range.count) { buffer in
            for (place, index) in range.enumerated() { buffer[place] = bytes[index].asciiLowercased }
            return range.count
        }
    }
}
