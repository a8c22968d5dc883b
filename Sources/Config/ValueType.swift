import WatchCore

/// A kind of value that a key may have: how it is described, and how it is read from the file.
struct ValueType<Value>: Sendable {
    /// What is allowed, for messages and the reference: `a duration such as 30s`.
    let allowed: String
    /// The keys below it; empty for anything but sections and lists of them.
    let keys: [KeyDescription]
    /// What it looks like, for editors.
    let shape: ValueShape
    /// The value; nil, with a problem noted, when it is none of this kind.
    let read: @Sendable (YAMLNode, inout Decoding) -> Value?

    /// - Parameters:
    ///   - allowed: what is allowed.
    ///   - keys: the keys below it.
    ///   - shape: what it looks like; nil when nothing better can be said than what the keys say.
    ///   - read: the value; nil, with a problem noted, when it is none of this kind.
    init(
        _ allowed: String, keys: [KeyDescription] = [], shape: ValueShape? = nil,
        read: @escaping @Sendable (YAMLNode, inout Decoding) -> Value?
    ) {
        self.allowed = allowed
        self.keys = keys
        self.shape = shape ?? .guess(keys)
        self.read = read
    }

    /// A scalar that JSON and a conversion understand.
    ///
    /// - Parameters:
    ///   - allowed: what is allowed.
    ///   - showsValue: whether a message may repeat a wrong value.
    ///   - shape: what it looks like; nil when nothing can be said.
    ///   - convert: the value, or nil when it is none of this kind.
    init(
        scalar allowed: String, showsValue: Bool = true, shape: ValueShape? = nil,
        convert: @escaping @Sendable (JSON) -> Value?
    ) {
        self.init(allowed, shape: shape) { node, decoding in
            convert(node.json) ?? decoding.misunderstood(node, showsValue: showsValue, allowed: allowed)
        }
    }

    /// This kind of value with a further check, which notes problems itself.
    func checked(_ check: @escaping @Sendable (Value, TextPosition, inout Decoding) -> Void) -> ValueType {
        let read = read
        return ValueType(allowed, keys: keys, shape: shape) { node, decoding in
            let value = read(node, &decoding)
            if let value { check(value, node.position, &decoding) }
            return value
        }
    }

    /// This kind of value made into another.
    func map<Other>(_ convert: @escaping @Sendable (Value) -> Other) -> ValueType<Other> {
        let read = read
        return ValueType<Other>(allowed, keys: keys, shape: shape) { node, decoding in
            read(node, &decoding).map(convert)
        }
    }
}

extension ValueType {
    /// A list of values of one kind.
    static func list<Element>(of element: ValueType<Element>) -> ValueType<[Element]> where Value == [Element] {
        ValueType("a list, each element \(element.allowed)", keys: element.keys, shape: .list(element.shape)) {
            node, decoding in
            guard case .list(let nodes) = node.content else {
                decoding.problem(
                    at: node.position, "is \(node.kind)", allowed: "a list: lines that begin with `- `")
                return nil
            }
            return nodes.enumerated().compactMap { index, node in
                decoding.inside(index: index) { element.read(node, &$0) }
            }
        }
    }

    /// A map with known keys.
    ///
    /// - Parameters:
    ///   - start: what the section is without any key.
    ///   - keys: its keys.
    ///   - check: a further check of the whole.
    static func section(
        _ start: Value, keys: [ConfigurationKey<Value>],
        check: @escaping @Sendable (Value, TextPosition, inout Decoding) -> Void = { _, _, _ in }
    ) -> ValueType where Value: Sendable {
        ValueType("a map", keys: keys.map(\.description), shape: .section(keys.map(\.description))) { node, decoding in
            guard let entries = decoding.entries(of: node) else { return nil }
            var value = start
            for entry in entries {
                decoding.inside(key: entry.name.shown) { decoding in
                    guard let key = keys.first(where: { $0.description.name == entry.name }) else {
                        let names = keys.map(\.description.name)
                        return decoding.problem(
                            at: entry.position, "is no key here",
                            allowed: NearestKey.suggestion(for: entry.name, among: names))
                    }
                    key.read(entry.node, &value, &decoding)
                }
            }
            for key in keys
            where key.description.isRequired && !entries.contains(where: { $0.name == key.description.name }) {
                decoding.inside(key: key.description.name) {
                    $0.problem(at: node.position, "is missing", allowed: key.description.allowed)
                }
            }
            check(value, node.position, &decoding)
            return value
        }
    }
}
