import WatchCore

/// A configuration being decoded: what it refers to, where we are in it, and what was found wrong so far.
struct Decoding {
    let file: String
    let surroundings: Surroundings
    private(set) var problems: [ConfigurationProblem] = []
    private var path = ""

    init(file: String, surroundings: Surroundings) {
        self.file = file
        self.surroundings = surroundings
    }

    /// Notes what is wrong with the value at hand.
    mutating func problem(at position: TextPosition, _ what: String, allowed: String) {
        problems.append(ConfigurationProblem(file: file, at: position, key: path, what: what, allowed: allowed))
    }

    /// Notes what deserves a second look.
    mutating func warning(at position: TextPosition, _ what: String, allowed: String) {
        problems.append(
            ConfigurationProblem(file: file, at: position, key: path, what: what, allowed: allowed, isWarning: true))
    }

    /// Notes that a value is not of the kind that its key has.
    ///
    /// - Parameters:
    ///   - node: the value.
    ///   - showsValue: whether the message may repeat it.
    ///   - allowed: what is allowed.
    /// - Returns: nil, in the place of the value.
    mutating func misunderstood<Value>(_ node: YAMLNode, showsValue: Bool = true, allowed: String) -> Value? {
        let text = node.text.map { showsValue ? "\"\($0.shown)\" " : "" } ?? ""
        let what = node.json.string == nil ? "is \(node.kind)" : "is not understood"
        problem(at: node.position, text + what, allowed: allowed)
        return nil
    }

    /// Whether something is wrong already with the value below a key of the value at hand, so that nothing more is to
    /// be said of it.
    func isAmiss(_ key: String) -> Bool {
        let place = path.isEmpty ? key : "\(path).\(key)"
        return problems.contains { !$0.isWarning && ($0.key == place || $0.key.hasPrefix("\(place)[")) }
    }

    /// Notes what is wrong in a file that the value at hand names.
    mutating func problem(inFile file: String, line: Int, _ what: String, allowed: String) {
        let position = TextPosition(line: line, column: 1)
        problems.append(ConfigurationProblem(file: file, at: position, key: path, what: what, allowed: allowed))
    }

    /// Does something below a key of the value at hand.
    mutating func inside<Result>(key: String, _ body: (inout Decoding) -> Result) -> Result {
        below(path.isEmpty ? key : "\(path).\(key)", body)
    }

    /// Does something below an element of the list at hand.
    mutating func inside<Result>(index: Int, _ body: (inout Decoding) -> Result) -> Result {
        below("\(path)[\(index)]", body)
    }

    private mutating func below<Result>(_ deeper: String, _ body: (inout Decoding) -> Result) -> Result {
        let before = path
        path = deeper
        defer { path = before }
        return body(&self)
    }

    /// The entries of a map, each key once; nil, with a problem noted, when it is none.
    mutating func entries(of node: YAMLNode) -> [(name: String, node: YAMLNode, position: TextPosition)]? {
        guard case .map(let entries) = node.content else {
            problem(at: node.position, "is \(node.kind)", allowed: "a map of `key: value` lines")
            return nil
        }
        var firstLines: [String: Int] = [:]
        var kept: [(name: String, node: YAMLNode, position: TextPosition)] = []
        for entry in entries {
            let position = entry.key.position
            guard let name = entry.key.text else {
                problem(at: position, "a key is \(entry.key.kind)", allowed: "text as key")
                continue
            }
            if let line = firstLines.updateValue(position.line, forKey: name) {
                inside(key: name.shown) {
                    $0.problem(at: position, "stands in line \(line) already", allowed: "each key once")
                }
            } else {
                kept.append((name, entry.value, position))
            }
        }
        return kept
    }
}
