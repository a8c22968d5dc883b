import WatchCore

/// The text of a page that a person reads.
package struct VisibleText: Sendable {
    /// A paragraph, heading, label or the like each, without white space at its ends; none is empty.
    package private(set) var lines: [String] = []
    private var line = ""

    /// Elements that stand within a line.
    private static let inline: Set<String> = [
        "a", "abbr", "b", "bdi", "code", "em", "font", "i", "kbd", "mark", "q", "s", "samp", "small", "span", "strong",
        "sub", "sup", "tt", "u", "var", "wbr",
    ]

    /// Elements whose content is raw text that is not shown as such.
    private static let unseen: Set<String> = [
        "script", "style", "title", "textarea", "noscript", "iframe", "xmp", "noembed", "noframes",
    ]

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - bytes: the body of the answer.
    ///   - contentType: its `Content-Type`, for the encoding.
    ///
    /// Source: HTML §13.2.5, without the construction of a tree.
    package init(bytes: [UInt8], contentType: String?) {
        var tokenizer = HTMLTokenizer(PageEncoding(bytes: bytes, contentType: contentType).decode(bytes))
        while true {
            switch tokenizer.next() {
            case .startTag(let tag):
                breakLine(at: tag.name)
                if tag.name == "script" {
                    _ = tokenizer.scriptText()
                } else if Self.unseen.contains(tag.name) {
                    _ = tokenizer.rawText(until: tag.name, decodes: false)
                }
            case .endTag(let name): breakLine(at: name)
            case .text(let range, let decodes):
                let bytes = tokenizer.bytes[range]
                line +=
                    decodes
                    ? CharacterReference.decode(bytes, inAttribute: false) : String(decoding: bytes, as: UTF8.self)
            case .end:
                breakLine(at: "")
                return
            }
        }
    }

    private mutating func breakLine(at tag: String) {
        guard !Self.inline.contains(tag) else { return }
        let text = line.collapsingSpaces
        if !text.isEmpty { lines.append(text) }
        line = ""
    }
}
