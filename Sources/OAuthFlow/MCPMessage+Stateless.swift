import WatchCore

/// What a request carries that stands for itself.
///
/// Source: MCP 2026-07-28, basic protocol (`_meta`) and transports (request headers).
extension MCPMessage {
    /// A value of the arguments that the tool wants in a header field as well.
    struct ParameterHeader: Hashable {
        var name: String
        var value: String
    }

    /// What `Mcp-Name` holds: the name of the tool that is called.
    var name: String? { method == "tools/call" ? params?["name"]?.string : nil }

    /// Puts in who speaks, what it can do, and which version it speaks.
    mutating func stamp(_ version: Revision, _ client: ClientInfo) {
        let prefix = "io.modelcontextprotocol/"
        let meta: JSON = .object([
            JSON.Member("\(prefix)protocolVersion", .string(version.rawValue)),
            JSON.Member("\(prefix)clientInfo", client.json),
            JSON.Member("\(prefix)clientCapabilities", .object([])),
        ])
        let others = (params?.members ?? []).filter { $0.name != "_meta" }
        params = .object(others + [JSON.Member("_meta", meta)])
    }

    /// Takes from the tool's entry in the list which of its arguments go into header fields.
    ///
    /// Only a chain of `properties` counts; a value that is absent, or neither text, number nor truth, has no field.
    mutating func takeHeaders(from tool: JSON?) {
        guard let schema = tool?["inputSchema"], let arguments = params?["arguments"] else { return }
        parameterHeaders = Self.headers(schema, arguments, depth: 0)
    }

    private static func headers(_ schema: JSON, _ value: JSON, depth: Int) -> [ParameterHeader] {
        guard depth < 16 else { return [] }
        return (schema["properties"]?.members ?? []).flatMap { property -> [ParameterHeader] in
            guard let value = value[property.name] else { return [] }
            let deeper = headers(property.value, value, depth: depth + 1)
            guard let name = property.value["x-mcp-header"]?.string, isToken(name), let text = text(value) else {
                return deeper
            }
            return [ParameterHeader(name: name, value: text)] + deeper
        }
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let truth): truth ? "true" : "false"
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// Source: RFC 9110 §5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte.asciiLowercased)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}
