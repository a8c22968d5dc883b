import WatchCore

/// A value of a YAML document and where it stands.
struct YAMLNode: Sendable, Hashable {
    /// What kind of value it is.
    enum Content: Sendable, Hashable {
        /// Text, and whether it stands there without quotes.
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        case map([Entry])
    }

    /// A key of a map and its value.
    struct Entry: Sendable, Hashable {
        var key: YAMLNode
        var value: YAMLNode
    }

    var content: Content
    var position: TextPosition
}

/// A place in a file; both numbers count from 1.
struct TextPosition: Sendable, Hashable, Comparable {
    var line: Int
    /// In characters.
    var column: Int

    static func < (a: TextPosition, b: TextPosition) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

extension YAMLNode {
    /// The value as JSON; what stands without quotes means what the core schema says, so `on` and `yes` are text.
    ///
    /// Source: YAML 1.2.2 §10.3.2.
    var json: JSON {
        switch content {
        case .scalar(let text, let isPlain): isPlain ? Self.resolve(text) : .string(text)
        case .list(let nodes): .array(nodes.map(\.json))
        case .map(let entries): .object(entries.map { JSON.Member($0.key.text ?? "", $0.value.json) })
        }
    }

    /// The characters of a scalar, quoted or not.
    var text: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    /// The value below a key of a map; nil when there is none.
    subscript(_ key: String) -> YAMLNode? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }

    /// The elements of a list; empty for anything else.
    var elements: [YAMLNode] {
        guard case .list(let nodes) = content else { return [] }
        return nodes
    }

    /// For a message: what the value is.
    var kind: String {
        switch json {
        case .null: "nothing"
        case .bool: "a truth value"
        case .integer, .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "a map"
        }
    }

    private static func resolve(_ text: String) -> JSON {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        if let value = integer(text) { return .integer(value) }
        return isDecimal(text) ? Double(text).map { .number($0) } ?? .string(text) : .string(text)
    }

    private static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
        return Int(text)
    }

    /// Whether it has the form of a decimal number; `Double` alone would take `nan` and hexadecimal fractions, too.
    private static func isDecimal(_ text: String) -> Bool {
        text.utf8.contains { (48...57).contains($0) } && text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    }
}
