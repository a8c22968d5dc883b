import Crypto
import WatchCore

/// Speaks MCP over Streamable HTTP: builds requests, remembers the session and the version.
///
/// Source: MCP transports 2025-06-18 and 2026-07-28, Streamable HTTP.
struct MCPConnection {
    let endpoint: WebURL
    let client: ClientInfo
    var accessToken: Secret?
    private(set) var sessionID: String?
    /// nil until the server has said what it speaks.
    private(set) var version: Revision?
    private var lastID = 0

    init(endpoint: WebURL, client: ClientInfo, accessToken: Secret? = nil) {
        self.endpoint = endpoint
        self.client = client
        self.accessToken = accessToken
    }

    /// The same conversation at another URL, before anything but its first request was sent.
    func moved(to endpoint: WebURL) -> MCPConnection {
        var moved = MCPConnection(endpoint: endpoint, client: client, accessToken: accessToken)
        (moved.version, moved.lastID) = (version, lastID)
        return moved
    }

    /// Whether each request says for itself what it speaks.
    var isStateless: Bool { version?.isStateless ?? false }

    /// The next request id.
    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    /// The HTTP request that carries `message`.
    func request(_ message: MCPMessage, step: Step) -> HTTPRequest {
        var fields: HTTPFields = ["Accept": "application/json, text/event-stream"]
        var message = message
        if let version, version >= .june2025 { fields["MCP-Protocol-Version"] = version.rawValue }
        if let version, version.isStateless {
            message.stamp(version, client)
            fields["Mcp-Method"] = message.method
            if let name = message.name { fields["Mcp-Name"] = Self.fieldValue(name) }
            for header in message.parameterHeaders {
                fields["Mcp-Param-\(header.name)"] = Self.fieldValue(header.value)
            }
        } else if let sessionID {
            fields["Mcp-Session-Id"] = sessionID
        }
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

    /// The request that ends the session; nil when there is none.
    ///
    /// Source: MCP transports 2025-06-18, session management.
    func ending(step: Step) -> HTTPRequest? {
        guard let sessionID else { return nil }
        var fields: HTTPFields = ["Accept": "application/json, text/event-stream", "Mcp-Session-Id": sessionID]
        if let version, version >= .june2025 { fields["MCP-Protocol-Version"] = version.rawValue }
        if let accessToken { fields["Authorization"] = "Bearer \(accessToken.reveal())" }
        return HTTPRequest(step, "DELETE", endpoint, fields: fields, carriesSecret: true)
    }

    /// Takes over what the answer to `initialize` settles.
    mutating func settle(_ response: HTTPResponse, version: Revision?) {
        sessionID = response.fields["mcp-session-id"]
        self.version = version
    }

    /// From now on each request says for itself that it speaks `version`.
    mutating func speak(_ version: Revision) {
        sessionID = nil
        self.version = version
    }

    /// A value as a header field can carry it: anything but printable ASCII without spaces at its ends is Base64.
    ///
    /// Source: MCP 2026-07-28, transports, header encoding.
    static func fieldValue(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && text == text.trimmingSpaces
            && !(text.hasPrefix("=?base64?") && text.hasSuffix("?="))
        return isPlain ? text : "=?base64?\(Base64.encode(Array(text.utf8)))?="
    }
}
