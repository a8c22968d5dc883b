/// Builds the tree of a YAML text, and refuses what a configuration has no need of: anchors, aliases, tags, several
/// documents, deep nesting.
struct YAMLReader: ~Copyable {
    /// Bytes that a configuration may have.
    static let maxSize = 1 << 20
    /// Lists and maps inside each other.
    static let maxDepth = 16

    private var events: YAMLEvents
    private let text: [UInt8]

    /// The one document in `text`.
    ///
    /// - Throws: `YAMLFault` at the first place where the text breaks the rules of YAML or our own.
    static func read(_ text: [UInt8]) throws(YAMLFault) -> YAMLNode {
        try check(text)
        var reader = try YAMLReader(text)
        do {
            return try reader.document()
        } catch {
            throw reader.explained(error)
        }
    }

    private init(_ text: [UInt8]) throws(YAMLFault) {
        self.text = text
        events = try YAMLEvents(text)
    }

    private mutating func document() throws(YAMLFault) -> YAMLNode {
        var event = try events.next()
        while case .other = event.kind { event = try events.next() }
        guard case .documentStart = event.kind else {
            throw YAMLFault(position: TextPosition(line: 1, column: 1), what: "is empty", allowed: "a configuration")
        }
        let root = try node(try events.next(), depth: 0)
        event = try events.next()
        while case .documentEnd = event.kind { event = try events.next() }
        guard case .end = event.kind else {
            throw YAMLFault(
                position: event.position, what: "a second document begins", allowed: "one document in a file")
        }
        return root
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLFault) -> YAMLNode {
        try Self.check(event, depth: depth)
        switch event.kind {
        case .scalar(let text, let isPlain):
            return YAMLNode(content: .scalar(text, isPlain: isPlain), position: event.position)
        case .listStart:
            return YAMLNode(content: .list(try list(depth: depth + 1)), position: event.position)
        case .mapStart:
            return YAMLNode(content: .map(try map(depth: depth + 1)), position: event.position)
        default:
            throw YAMLFault(position: event.position, what: "a value is missing", allowed: "text, a list or a map")
        }
    }

    private mutating func list(depth: Int) throws(YAMLFault) -> [YAMLNode] {
        var nodes: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .listEnd = event.kind { return nodes }
            nodes.append(try node(event, depth: depth))
        }
    }

    private mutating func map(depth: Int) throws(YAMLFault) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        while true {
            let event = try events.next()
            if case .mapEnd = event.kind { return entries }
            let key = try node(event, depth: depth)
            entries.append(YAMLNode.Entry(key: key, value: try node(try events.next(), depth: depth)))
        }
    }

    /// Names the tab, which libyaml calls a character that cannot start any token.
    private func explained(_ fault: YAMLFault) -> YAMLFault {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(fault.position.line - 1) else { return fault }
        let indentation = lines[fault.position.line - 1].prefix { $0 == 32 || $0 == 9 }
        guard let tab = indentation.firstIndex(of: 9) else { return fault }
        let column = tab - indentation.startIndex + 1
        return YAMLFault(
            position: TextPosition(line: fault.position.line, column: column), what: "a tab stands in the indentation",
            allowed: "spaces")
    }
}

extension YAMLReader {
    private static func check(_ event: YAMLEvent, depth: Int) throws(YAMLFault) {
        if case .alias = event.kind {
            throw YAMLFault(position: event.position, what: "is an alias (`*name`)", allowed: "the value itself")
        }
        guard !event.isDecorated else {
            throw YAMLFault(
                position: event.position, what: "has an anchor (`&name`) or a tag (`!name`)",
                allowed: "the value alone; quotes around text that begins with `&`, `*` or `!`")
        }
        guard depth <= maxDepth else {
            throw YAMLFault(position: event.position, what: "is nested too deep", allowed: "\(maxDepth) levels")
        }
    }

    private static func check(_ text: [UInt8]) throws(YAMLFault) {
        guard text.count <= maxSize else {
            throw YAMLFault(
                position: TextPosition(line: 1, column: 1), what: "has \(text.count) bytes",
                allowed: "at most \(maxSize) bytes")
        }
        guard String(validating: text, as: UTF8.self) == nil || text.contains(0) else { return }
        var decoder = UTF8()
        var position = TextPosition(line: 1, column: 1)
        var bytes = text.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&bytes) {
            if scalar == "\0" { throw YAMLFault(position: position, what: "a NUL byte", allowed: "text in UTF-8") }
            position =
                scalar == "\n"
                ? TextPosition(line: position.line + 1, column: 1)
                : TextPosition(line: position.line, column: position.column + 1)
        }
        throw YAMLFault(position: position, what: "is no UTF-8", allowed: "text in UTF-8")
    }
}
