import WatchCore

extension LabCall {
    /// The answer to a message that was let in.
    ///
    /// Source: MCP 2025-11-25, lifecycle and tools; JSON-RPC 2.0.
    func answer(_ message: JSON, method: String?) -> LabResponse {
        store.withLock { $0.stats.mcpCalls += 1 }
        guard let method, let id = message["id"] else {
            return behaviour.mcp.answersNotifications ? .json([:]) : .empty(202)
        }
        if behaviour.mcp.answersWithError { return refuse(id: id, code: -32_603, "the lab was told to fail") }
        switch method {
        case "initialize":
            var response = result(id: id, initialize(message["params"]))
            if behaviour.mcp.sessions != .absent { response.fields["Mcp-Session-Id"] = newSession() }
            return response
        case "ping": return result(id: id, [:])
        case "tools/list": return result(id: id, ["tools": .array(behaviour.mcp.hasTools ? [Self.echoTool] : [])])
        case "tools/call": return call(id: id, message["params"])
        default: return refuse(id: id, code: -32_601, "there is no such method")
        }
    }

    /// A JSON-RPC error.
    func refuse(id: JSON?, code: Int, _ text: String, status: Int = 200) -> LabResponse {
        let body: JSON = [
            "jsonrpc": "2.0", "id": id ?? .null, "error": ["code": .integer(code), "message": .string(text)],
        ]
        return status == 200 ? deliver(body) : .json(body, status: status)
    }

    private func result(id: JSON, _ value: JSON) -> LabResponse {
        deliver(["jsonrpc": "2.0", "id": behaviour.mcp.answersWithOtherID ? "another-id" : id, "result": value])
    }

    private func initialize(_ parameters: JSON?) -> JSON {
        let asked = parameters?["protocolVersion"]?.string ?? ""
        let revisions = behaviour.mcp.revisions
        let fitting = revisions.contains(asked) ? asked : revisions[0]
        return [
            "protocolVersion": .string(behaviour.mcp.version ?? fitting),
            "capabilities": ["tools": ["listChanged": false]],
            "serverInfo": ["name": "oauthwatch-lab", "version": "1.0.0"],
        ]
    }

    private func newSession() -> String {
        let id = LabState.random("mcp")
        store.withLock { _ = $0.sessions.insert(id) }
        return id
    }

    private static let echoTool: JSON = [
        "name": "echo", "description": "Gives back the text that it is given.",
        "inputSchema": [
            "type": "object", "properties": ["text": ["type": "string"]], "required": ["text"],
        ],
    ]

    private func call(id: JSON, _ parameters: JSON?) -> LabResponse {
        guard parameters?["name"]?.string == "echo" else {
            return refuse(id: id, code: -32_602, "there is no such tool")
        }
        guard let text = parameters?["arguments"]?["text"]?.string else {
            return result(id: id, ["content": [["type": "text", "text": "`text` is missing"]], "isError": true])
        }
        return result(id: id, ["content": [["type": "text", "text": .string(text)]], "isError": false])
    }

    /// As JSON, or as an event stream with what else may stand in one.
    func deliver(_ message: JSON) -> LabResponse {
        guard behaviour.mcp.framing != .json else { return .json(message) }
        let notification: JSON = [
            "jsonrpc": "2.0", "method": "notifications/message", "params": ["level": "info", "data": "at work"],
        ]
        let events = [
            ": a comment", "id: 0\nretry: 3000\ndata:", "event: message\nid: 1\ndata: \(notification.text())",
            "event: message\nid: 2\ndata: \(message.text())",
        ]
        return LabResponse(
            status: 200, fields: ["Content-Type": "text/event-stream", "Cache-Control": "no-cache"],
            body: Array((events.joined(separator: "\n\n") + "\n\n").utf8),
            framing: behaviour.mcp.framing == .openEventStream ? .openEnded : .chunked)
    }
}
