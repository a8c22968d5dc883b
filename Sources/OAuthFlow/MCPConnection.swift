import WatchCore

/// Speaks MCP over Streamable HTTP: builds requests, remembers the session and the version.
///
/// Source: MCP transports 2025-06-18, Streamable HTTP.
struct MCPConnection {
    let endpoint: WebURL
    var accessToken: Secret?
    private(set) var sessionID: String?
    private(set) var version: Revision?
    private var lastID = 0

    init(endpoint: WebURL, accessToken: Secret? = nil) {
        self.endpoint = endpoint
        self.accessToken = accessToken
    }

    /// The next request id.
    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    /// The HTTP request that carries `message`.
    func request(_ message: MCPMessage, step: Step) -> HTTPRequest {
        var fields: HTTPFields = ["Accept": "application/json, text/event-stream"]
        if let version, version >= .june2025 { fields["MCP-Protocol-Version"] = version.rawValue }
        if let sessionID { fields["Mcp-Session-Id"] = sessionID }
        if let accessToken { fields["Authorization"] = "Bearer \(accessToken.reveal())" }
        var request = HTTPRequest(
            step, "POST", endpoint, fields: fields, body: .json(message.json),
            carriesSecret: accessToken != nil || sessionID != nil)
        if let id = message.id {
            let search = AnswerSearch(id: id)
            request.isComplete = { search.ends(with: $0) }
        }
        return request
    }

    /// Takes over what the answer to `initialize` settles.
    mutating func settle(_ response: HTTPResponse, version: Revision?) {
        sessionID = response.fields["mcp-session-id"]
        self.version = version
    }
}
