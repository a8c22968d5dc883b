/// A key of the configuration, as its reference tells it.
package struct KeyDescription: Sendable, Hashable {
    package var name: String
    package var isRequired: Bool
    /// What is allowed as its value.
    package var allowed: String
    /// The value when the key is not there, as one would write it; nil when there is none.
    package var defaultText: String?
    /// What it is for, in one sentence.
    package var meaning: String
    /// The keys below it.
    package var keys: [KeyDescription]
    /// What its value looks like, for editors.
    package var shape: ValueShape
}

/// A key of a section: its description, and where its value goes.
struct ConfigurationKey<Section>: Sendable {
    let description: KeyDescription
    let read: @Sendable (YAMLNode, inout Section, inout Decoding) -> Void

    /// A key for a property.
    ///
    /// - Parameters:
    ///   - name: as in the file.
    ///   - property: where the value goes.
    ///   - type: what is allowed.
    ///   - isRequired: whether it must be there.
    ///   - defaultText: for the reference, what holds when it is not there.
    ///   - meaning: what it is for, in one sentence.
    init<Value>(
        _ name: String, _ property: any WritableKeyPath<Section, Value> & Sendable, _ type: ValueType<Value>,
        isRequired: Bool = false, default defaultText: String? = nil, _ meaning: String
    ) {
        self.init(name, type, isRequired: isRequired, default: defaultText, meaning) { $0[keyPath: property] = $1 }
    }

    /// A key for an optional property.
    init<Value>(
        _ name: String, _ property: any WritableKeyPath<Section, Value?> & Sendable, _ type: ValueType<Value>,
        isRequired: Bool = false, default defaultText: String? = nil, _ meaning: String
    ) {
        self.init(name, type, isRequired: isRequired, default: defaultText, meaning) { $0[keyPath: property] = $1 }
    }

    private init<Value>(
        _ name: String, _ type: ValueType<Value>, isRequired: Bool, default defaultText: String?, _ meaning: String,
        set: @escaping @Sendable (inout Section, Value) -> Void
    ) {
        description = KeyDescription(
            name: name, isRequired: isRequired, allowed: type.allowed, defaultText: defaultText, meaning: meaning,
            keys: type.keys, shape: type.shape)
        read = { node, section, decoding in
            if let value = type.read(node, &decoding) { set(&section, value) }
        }
    }
}
