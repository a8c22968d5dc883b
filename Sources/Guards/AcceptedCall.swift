import JSONReader
import OAuthFlow
import WatchCore

/// The protected call as this run has made it and the server has accepted it.
struct AcceptedCall: Sendable {
    /// The handshake; empty where the call is one request.
    var opening: [HTTPRequest] = []
    /// The request that the token opened the door for.
    var last: HTTPRequest
    /// What it was answered with; nil where that was no MCP answer.
    var answer: MCPAnswer?

    /// The last such call among the exchanges of a run.
    ///
    /// - Parameters:
    ///   - exchanges: of the ordinary flow.
    ///   - protected: what the flow calls.
    ///   - endpoint: of the MCP server.
    /// - Returns: nil when none was accepted.
    init?(in exchanges: [Exchange], _ protected: ProtectedCall, endpoint: WebURL) {
        let calls = exchanges.filter {
            $0.request.step.makesCalls && (200...299).contains($0.response?.status ?? 0)
                && $0.request.fields["authorization"] != nil
        }
        if case .api(let url) = protected {
            guard let call = calls.last(where: { $0.request.url == url && $0.request.method == "GET" }) else {
                return nil
            }
            last = call.request
            return
        }
        let wanted = protected == .callTool ? "tools/call" : "tools/list"
        let messages = calls.filter { $0.request.url == endpoint }
        guard let end = messages.lastIndex(where: { $0.request.rpcMethod == wanted }),
            let response = messages[end].response, let id = messages[end].request.rpcID,
            let answer = try? MCPAnswer.read(response, id: id)
        else { return nil }
        self.answer = answer
        last = messages[end].request
        // Requests of a session name it; a call without session stands for itself.
        let session = last.fields["mcp-session-id"]
        guard let start = messages[..<end].lastIndex(where: { $0.request.rpcMethod == "initialize" }),
            messages[start].response?.fields["mcp-session-id"] == session, !last.statesItsVersion
        else { return }
        opening = messages[start..<end].map(\.request).filter {
            ["initialize", "notifications/initialized"].contains($0.rpcMethod)
        }
    }
}

extension Step {
    /// Whether the flow makes the protected call in it.
    fileprivate var makesCalls: Bool {
        switch self {
        case .mcp, .refresh, .session: true
        default: false
        }
    }
}

extension HTTPRequest {
    /// The method of the JSON-RPC message in the body.
    var rpcMethod: String? { message?["method"]?.string }

    /// Its id; nil for a notification.
    var rpcID: Int? { message?["id"]?.integer }

    /// Whether the message itself names the version: there is no handshake then.
    ///
    /// Source: MCP 2026-07-28, `_meta`.
    fileprivate var statesItsVersion: Bool { fields["mcp-method"] != nil }

    private var message: JSON? { if case .json(let json)? = body { json } else { nil } }

    /// The same request, to be sent again.
    var again: HTTPRequest {
        var copy = self
        copy.isComplete = nil
        if let id = rpcID {
            let search = AnswerSearch(id: id)
            copy.isComplete = { search.ends(with: $0) }
        }
        return copy
    }
}
