package import WatchCore

/// A JSON Schema of the configuration for editors, made from the tables that the decoder uses.
///
/// Source: JSON Schema draft 7, which the language servers for YAML know best.
package enum ConfigurationSchema {
    /// The schema: `config/oauthwatch.schema.json`.
    package static var json: JSON {
        let head: [JSON.Member] = [
            JSON.Member("$schema", "http://json-schema.org/draft-07/schema#"), JSON.Member("title", "oauthwatch"),
            JSON.Member("description", "The configuration of oauthwatch; see oauthwatch.yaml(5)."),
        ]
        return .object(head + members(of: .section(ConfigurationFile.keys)))
    }

    private static func members(of shape: ValueShape) -> [JSON.Member] {
        switch shape {
        case .any: []
        case .text(let pattern):
            [JSON.Member("type", "string")] + (pattern.map { [JSON.Member("pattern", .string($0))] } ?? [])
        case .integer(let range):
            [
                JSON.Member("type", "integer"), JSON.Member("minimum", .integer(range.lowerBound)),
                JSON.Member("maximum", .integer(range.upperBound)),
            ]
        case .flag: [JSON.Member("type", "boolean")]
        case .words(let words):
            [JSON.Member("enum", .array(words.map { .string($0) } + words.compactMap(Int.init).map { .integer($0) }))]
        case .list(let element):
            [JSON.Member("type", "array"), JSON.Member("items", .object(members(of: element)))]
        case .texts:
            [JSON.Member("type", "object"), JSON.Member("additionalProperties", ["type": "string"])]
        case .object: [JSON.Member("type", "object")]
        case .section(let keys): section(keys)
        case .either(let shapes): [JSON.Member("anyOf", .array(shapes.map { .object(members(of: $0)) }))]
        }
    }

    private static func section(_ keys: [KeyDescription]) -> [JSON.Member] {
        let required = keys.filter(\.isRequired).map { JSON.string($0.name) }
        return [
            JSON.Member("type", "object"), JSON.Member("additionalProperties", false),
            JSON.Member("properties", .object(keys.map { JSON.Member($0.name, property($0)) })),
        ] + (required.isEmpty ? [] : [JSON.Member("required", .array(required))])
    }

    private static func property(_ key: KeyDescription) -> JSON {
        let fallback = key.defaultText.map { " Default: \($0)." } ?? ""
        let text = "\(key.meaning) Allowed: \(key.allowed).\(fallback)"
        return .object([JSON.Member("description", .string(text))] + members(of: key.shape))
    }
}
