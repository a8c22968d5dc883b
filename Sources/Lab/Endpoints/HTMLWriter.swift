/// Writes tags, tidily or as some servers do.
struct HTMLWriter: Sendable {
    /// Capitals, no quotes where none are needed, no closing tags where HTML lets them out.
    var isSloppy: Bool

    /// A start tag.
    func open(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) -> String {
        var out = "<\(isSloppy ? name.uppercased() : name)"
        for (key, value) in attributes {
            guard let value else { continue }
            out += " \(isSloppy ? key.uppercased() : key)"
            guard !value.isEmpty else { continue }
            let isBare = value.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 32) }
            out += isSloppy && isBare ? " = \(value)" : "=\"\(Self.escape(value))\""
        }
        return out + ">"
    }

    /// An end tag; `p`, `label`, `body` and `html` go without when sloppy.
    func close(_ name: String) -> String {
        guard isSloppy else { return "</\(name)>" }
        return ["p", "body", "html"].contains(name) ? "" : "</\(name.uppercased()) >"
    }

    /// An element with text in it.
    func element(_ name: String, _ attributes: KeyValuePairs<String, String?>, _ text: String) -> String {
        open(name, attributes) + Self.escape(text) + close(name)
    }

    /// An element without attributes.
    func element(_ name: String, _ text: String) -> String { element(name, [:], text) }

    /// Text as it stands between tags or in an attribute.
    static func escape(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
