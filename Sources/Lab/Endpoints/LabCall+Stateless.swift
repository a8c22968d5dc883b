import Crypto
import JSONReader
import WatchCore

/// MCP without handshake and session: each request says for itself what it speaks.
///
/// Source: MCP 2026-07-28, basic protocol, versioning and transports.
extension LabCall {
    /// The revision without handshake.
    static let statelessRevision = "2026-07-28"
    private static let prefix = "io.modelcontextprotocol/"

    /// Whether a message is one that stands for itself, by its header fields or its `_meta`.
    func isStateless(_ message: JSON) -> Bool {
        request.fields["Mcp-Method"] != nil || message["params"]?["_meta"]?["\(Self.prefix)protocolVersion"] != nil
    }

    /// The answer of a server that knows no handshake to one who begins with it.
    func refuseHandshake(_ message: JSON) -> LabResponse { unsupported(message, asked: "a handshake") }

    /// The answer to a message that was let in.
    func answerStateless(_ message: JSON) -> LabResponse {
        let method = message["method"]?.string ?? ""
        guard let id = message["id"] else {
            return fail(nil, -32_600, "there are no notifications in this revision", status: 400)
        }
        if let refusal = badEnvelope(message, method: method) { return refusal }
        store.withLock { $0.stats.mcpCalls += 1 }
        if behaviour.mcp.answersWithError { return fail(id, -32_603, "the lab was told to fail", status: 200) }
        switch method {
        case "server/discover":
            return complete(
                id,
                [
                    JSON.Member("supportedVersions", .array(supported.map { .string($0) })),
                    JSON.Member("capabilities", ["tools": ["listChanged": false]]),
                    JSON.Member(
                        "_meta", ["io.modelcontextprotocol/serverInfo": ["name": "oauthwatch-lab", "version": "1.0.0"]]),
                ])
        case "tools/list":
            return complete(
                id,
                [
                    JSON.Member("tools", .array(behaviour.mcp.hasTools ? [Self.statelessEchoTool] : [])),
                    JSON.Member("ttlMs", 0), JSON.Member("cacheScope", "private"),
                ])
        case "tools/call": return callStateless(id, message["params"])
        default: return fail(id, -32_601, "there is no such method", status: 404)
        }
    }

    private var supported: [String] {
        [Self.statelessRevision] + (behaviour.mcp.eras.contains(.handshake) ? behaviour.mcp.revisions : [])
    }

    /// What header fields and `_meta` must say, and whether they agree.
    private func badEnvelope(_ message: JSON, method: String) -> LabResponse? {
        let id = message["id"]
        let meta = message["params"]?["_meta"]
        guard let version = meta?["\(Self.prefix)protocolVersion"]?.string,
            meta?["\(Self.prefix)clientCapabilities"]?.members != nil
        else { return fail(id, -32_602, "`_meta` lacks what each request must say", status: 400) }
        guard version == Self.statelessRevision else { return unsupported(message, asked: version) }
        guard request.fields["MCP-Protocol-Version"] == version, request.fields["Mcp-Method"] == method else {
            return fail(id, -32_020, "header fields and body do not agree", status: 400)
        }
        guard method != "tools/call" || decoded("Mcp-Name") == message["params"]?["name"]?.string else {
            return fail(id, -32_020, "Mcp-Name is not the tool's name", status: 400)
        }
        return nil
    }

    private func callStateless(_ id: JSON, _ parameters: JSON?) -> LabResponse {
        guard parameters?["name"]?.string == "echo" else {
            return fail(id, -32_602, "there is no such tool", status: 400)
        }
        guard let text = parameters?["arguments"]?["text"]?.string else {
            return complete(
                id,
                [
                    JSON.Member("content", [["type": "text", "text": "`text` is missing"]]),
                    JSON.Member("isError", true),
                ])
        }
        guard decoded("Mcp-Param-Text") == text else {
            return fail(id, -32_020, "Mcp-Param-Text is not the argument", status: 400)
        }
        return complete(
            id,
            [
                JSON.Member("content", [["type": "text", "text": .string(text)]]), JSON.Member("isError", false),
            ])
    }

    /// The tool wants its argument in a header field as well.
    private static let statelessEchoTool: JSON = [
        "name": "echo", "description": "Gives back the text that it is given.",
        "inputSchema": [
            "type": "object", "properties": ["text": ["type": "string", "x-mcp-header": "Text"]],
            "required": ["text"],
        ],
    ]

    /// A header field's value; what is not plain ASCII comes in Base64.
    private func decoded(_ name: String) -> String? {
        guard let value = request.fields[name] else { return nil }
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?=") else { return value }
        return Base64.decode(String(value.dropFirst(9).dropLast(2))).map { String(decoding: $0, as: UTF8.self) }
    }

    private func complete(_ id: JSON, _ members: [JSON.Member]) -> LabResponse {
        let result = JSON.object([JSON.Member("resultType", "complete")] + members)
        return deliver(["jsonrpc": "2.0", "id": behaviour.mcp.answersWithOtherID ? "another-id" : id, "result": result])
    }

    private func unsupported(_ message: JSON, asked: String) -> LabResponse {
        let data: JSON = ["supported": .array(supported.map { .string($0) }), "requested": .string(asked)]
        let error: JSON = ["code": -32_022, "message": "this protocol version is not supported", "data": data]
        return .json(["jsonrpc": "2.0", "id": message["id"] ?? .null, "error": error], status: 400)
    }

    /// In this revision the status tells of most errors, too.
    private func fail(_ id: JSON?, _ code: Int, _ text: String, status: Int) -> LabResponse {
        refuse(id: id, code: code, text, status: status)
    }
}
