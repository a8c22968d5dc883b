import WatchCore

extension HTMLTokenizer {
    /// The content of an element whose text holds no tags, with its end tag, when there is one, moved over.
    ///
    /// - Parameters:
    ///   - name: of the element, in lower case.
    ///   - decodes: whether character references count, as in `textarea` and `title`.
    mutating func rawText(until name: String, decodes: Bool) -> HTMLToken {
        let start = position
        let word = Array(name.utf8)
        while position < bytes.count {
            skip { $0 != .lessThan }
            if isEndTag(word) { return closed(start, decodes: decodes) }
            advance()
        }
        return .text(start..<position, decodes: decodes)
    }

    /// The content of a `script`, in which `<!-- <script>` hides an end tag.
    ///
    /// Source: HTML §13.2.5.15 to §13.2.5.31 (script data states).
    mutating func scriptText() -> HTMLToken {
        let start = position
        let word = Array("script".utf8)
        var commentStart: Int?
        var isDoubleEscaped = false
        while position < bytes.count {
            skip { $0 != .lessThan && $0 != .greaterThan }
            if let opened = commentStart, peek() == .greaterThan, endsComment(opened) {
                (commentStart, isDoubleEscaped) = (nil, false)
            } else if isEndTag(word) {
                if !isDoubleEscaped { return closed(start, decodes: false) }
                isDoubleEscaped = false
            } else if commentStart == nil, matches("<!--") {
                commentStart = position + 2
            } else if commentStart != nil, isTag(word, offset: 1) {
                isDoubleEscaped = true
            }
            advance()
        }
        return .text(start..<position, decodes: false)
    }

    /// Everything that is left, after `plaintext`.
    mutating func rest() -> HTMLToken {
        let start = position
        advance(bytes.count - position)
        return .text(start..<position, decodes: false)
    }

    /// Whether the `>` here closes a comment whose dashes began at `opened`.
    private func endsComment(_ opened: Int) -> Bool {
        position - 2 >= opened && bytes[position - 1] == .hyphen && bytes[position - 2] == .hyphen
    }

    private func isEndTag(_ word: [UInt8]) -> Bool {
        peek(1) == .slash && isTag(word, offset: 2)
    }

    /// Whether `<`, or `</`, is followed by `word` and the end of a name.
    private func isTag(_ word: [UInt8], offset: Int) -> Bool {
        guard peek() == .lessThan, let end = peek(offset + word.count),
            end.isHTMLSpace || end == .slash || end == .greaterThan
        else { return false }
        return word.indices.allSatisfy { bytes[position + offset + $0].asciiLowercased == word[$0] }
    }

    private mutating func closed(_ start: Int, decodes: Bool) -> HTMLToken {
        let end = position
        _ = endTag()
        return .text(start..<end, decodes: decodes)
    }
}
