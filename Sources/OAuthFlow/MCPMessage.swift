import JSONReader
package import WatchCore

/// A JSON-RPC request to an MCP server.
///
/// Source: JSON-RPC 2.0 §4; MCP transports, Streamable HTTP.
struct MCPMessage {
    var method: String
    var params: JSON?
    /// nil: a notification.
    var id: Int?
    /// Arguments that go into header fields as well.
    var parameterHeaders: [ParameterHeader] = []

    var json: JSON {
        var members: [JSON.Member] = []
        members.reserveCapacity(4)
        members.append(JSON.Member("jsonrpc", "2.0"))
        if let id { members.append(JSON.Member("id", .integer(id))) }
        members.append(JSON.Member("method", .string(method)))
        if let params { members.append(JSON.Member("params", params)) }
        return .object(members)
    }

    /// The handshake; servers that know only older versions than the offered one answer with theirs.
    static func initialize(_ client: ClientInfo, offering version: Revision = .newestHandshake, id: Int) -> MCPMessage {
        MCPMessage(
            method: "initialize",
            params: [
                "protocolVersion": .string(version.rawValue), "capabilities": .object([]), "clientInfo": client.json,
            ], id: id)
    }

    /// Asks a server without handshake what it speaks.
    ///
    /// Source: MCP 2026-07-28, server/discover.
    static func discover(id: Int) -> MCPMessage { MCPMessage(method: "server/discover", id: id) }

    static let initialized = MCPMessage(method: "notifications/initialized")

    static func listTools(id: Int) -> MCPMessage { MCPMessage(method: "tools/list", id: id) }

    static func call(_ tool: TargetSettings.Tool, id: Int) -> MCPMessage {
        MCPMessage(method: "tools/call", params: ["name": .string(tool.name), "arguments": tool.arguments], id: id)
    }
}

/// What we call ourselves.
///
/// Source: MCP lifecycle, `Implementation`.
struct ClientInfo: Sendable, Hashable {
    var name: String
    var version: String

    var json: JSON { ["name": .string(name), "version": .string(version)] }
}

/// What an MCP server answered to one message.
package enum MCPAnswer: Sendable, Hashable {
    case result(JSON)
    case error(code: Int, message: String)

    /// Reads the answer to the request with `id`.
    ///
    /// - Throws: `MCPProblem`, with the check that it breaks.
    package static func read(_ response: HTTPResponse, id: Int) throws(MCPProblem) -> MCPAnswer {
        switch response.mediaType {
        case "text/event-stream":
            let messages = messages(response)
            if let answer = messages.first(where: { $0.isAnswer(to: id) }) { return read(answer) }
            throw messages.contains(where: \.isAnswer)
                ? MCPProblem(.mcpId, "the event stream holds an answer, but not to our request id \(id)")
                : MCPProblem(
                    .mcpBody,
                    "the event stream ended without an answer to our request"
                        + (EventStream.endsWithinEvent(response.body) ? "; its last event lacks the empty line" : ""))
        default:
            let messages = try parse(response).batch
            if let answer = messages.first(where: { $0.isAnswer(to: id) }) { return read(answer) }
            guard let other = messages.first(where: \.isAnswer) else {
                throw MCPProblem(.mcpBody, "the answer is JSON, but no JSON-RPC response")
            }
            // JSON-RPC lets an error about an unreadable request carry a null id.
            if case .error = read(other), other["id"] == .null || other["id"] == nil { return read(other) }
            throw MCPProblem(.mcpId, "the answer has id \(other["id"]?.text() ?? "none"), not our \(id)")
        }
    }

    /// Every message of a body that can be read; empty when it is neither JSON nor an event stream.
    static func messages(_ response: HTTPResponse) -> [JSON] {
        if response.mediaType == "text/event-stream" {
            return EventStream.messages(response.body).compactMap { try? JSON(parsing: $0) }.flatMap(\.batch)
        }
        return response.json?.batch ?? []
    }

    private static func parse(_ response: HTTPResponse) throws(MCPProblem) -> JSON {
        do throws(JSONError) {
            return try response.readJSON()
        } catch {
            let what = response.isPage ? "an HTML page" : response.body.isEmpty ? "empty" : "no JSON: \(error)"
            throw MCPProblem(.mcpBody, "the answer is \(what)")
        }
    }

    private static func read(_ answer: JSON) -> MCPAnswer {
        guard let error = answer["error"], error != .null else { return .result(answer["result"] ?? .null) }
        return .error(code: error["code"]?.integer ?? 0, message: error["message"]?.string ?? "no message")
    }
}

/// What is wrong with an answer of the MCP server.
package struct MCPProblem: Error {
    package var check: CheckID
    package var message: String

    init(_ check: CheckID, _ message: String) {
        self.check = check
        self.message = message
    }
}

extension JSON {
    /// The messages in it: 2025-03-26 allowed several in an array.
    fileprivate var batch: [JSON] { array ?? [self] }

    fileprivate var isAnswer: Bool { self["result"] != nil || self["error"] != nil }

    fileprivate func isAnswer(to id: Int) -> Bool { isAnswer && self["id"] == .integer(id) }

    /// Whether any of these messages answers the request with `id`.
    static func holdsAnswer(to id: Int, in messages: [[UInt8]]) -> Bool {
        messages.contains { data in
            (try? JSON(parsing: data)).map { $0.batch.contains { $0.isAnswer(to: id) } } ?? false
        }
    }
}
