import JSONReader
import WatchCore

/// How an authenticated call ended when it did not end well.
enum CallRefusal: Error {
    case halted
    /// 403 `insufficient_scope`: the scope that the challenge names.
    case insufficientScope(String?)
    /// 401, where that blames no check.
    case unauthorized
}

/// Step `mcp`: the handshake and the protected request, with the token.
extension FlowRun {
    /// Opens a session and makes the protected call.
    ///
    /// - Parameters:
    ///   - id: the check to blame when the token is not accepted; nil when nobody promised that it would be.
    ///   - step: the step that the requests belong to.
    func callAuthenticated(
        _ call: ProtectedCall, token: Secret, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) {
        if case .api(let url) = call { return try await get(url, token: token, blaming: id, in: step) }
        var connection = MCPConnection(endpoint: endpoint, client: clientInfo, accessToken: token)
        try await open(&connection, blaming: id, in: step)
        try await use(call, over: &connection, blaming: id, in: step)
        await end(connection, in: step)
    }

    /// Leaves no session behind on the server; whether it takes that is its own affair. After a refusal nothing more is
    /// sent with the token that was refused.
    func end(_ connection: MCPConnection, in step: Step) async {
        guard !Task.isCancelled, let request = connection.ending(step: step) else { return }
        _ = try? await send(request)
    }

    /// Lists the tools and calls the configured one, once the conversation is open.
    func use(
        _ call: ProtectedCall, over connection: inout MCPConnection, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) {
        let list = MCPMessage.listTools(id: connection.nextID())
        let tools = try await ask(list, connection, blaming: id, in: step)["tools"]?.array ?? []
        if step == .mcp { check(.mcpTools, !tools.isEmpty, "the tool list is empty") }
        if target.tool != nil || call == .callTool {
            try await callTool(among: tools, over: &connection, blaming: id, in: step)
        }
    }

    /// The handshake.
    ///
    /// - Parameters:
    ///   - version: the one to offer.
    ///   - mayAsk: whether another revision may be tried.
    /// - Returns: false when there is no handshake with this server, and another revision may be tried.
    func handshake(
        _ connection: inout MCPConnection, offering version: Revision, blaming id: CheckID?, in step: Step,
        mayAsk: Bool = false
    ) async throws(CallRefusal) -> Bool {
        let initialize = MCPMessage.initialize(clientInfo, offering: version, id: connection.nextID())
        let response = try await deliver(initialize, connection, blaming: id, in: step)
        if mayAsk, response.knowsNoHandshake { return false }
        let result = try result(of: response, initialize, connection, blaming: id, in: step)
        do throws(Halted) {
            try settle(response, result, &connection)
        } catch {
            throw .halted
        }
        await confirm(connection, response, step)
        return true
    }

    private func settle(
        _ response: HTTPResponse, _ result: JSON, _ connection: inout MCPConnection
    ) throws(Halted) {
        let text = result["protocolVersion"]?.string
        guard let version = text.flatMap(Revision.init) else {
            throw halt(
                .mcpVersion, "the protocol version is unknown: \(text ?? "absent")",
                evidence: "known: " + Revision.allCases.map(\.rawValue).joined(separator: ", "))
        }
        check(
            .mcpVersion, target.revision == nil || version == target.revision, .warning,
            "the server speaks \(version.rawValue), not \(target.revision?.rawValue ?? ""), which is pinned")
        connection.settle(response, version: version)
    }

    private func confirm(_ connection: MCPConnection, _ initialized: HTTPResponse, _ step: Step) async {
        let answer = try? await send(connection.request(.initialized, step: step))
        guard step == .mcp, let answer else { return }
        let session = initialized.fields["mcp-session-id"] ?? ""
        check(
            .mcpHandshake, answer.status == 202 && session.utf8.allSatisfy { (0x21...0x7e).contains($0) },
            answer.status == 202
                ? "the session id is not visible ASCII"
                : "`notifications/initialized` is answered with \(answer.status), not 202")
    }

    private func callTool(
        among tools: [JSON], over connection: inout MCPConnection, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) {
        var message = MCPMessage.call(target.tool ?? Self.madeUpTool, id: connection.nextID())
        message.takeHeaders(from: tools.first { $0["name"]?.string == message.name })
        // A made-up tool cannot succeed; any JSON-RPC answer shows that the token opened the door.
        _ = try await ask(message, connection, blaming: id, in: step, errorIsFine: target.tool == nil)
    }

    /// Sends one message with the token and reads its answer.
    private func ask(
        _ message: MCPMessage, _ connection: MCPConnection, blaming id: CheckID?, in step: Step,
        errorIsFine: Bool = false
    ) async throws(CallRefusal) -> JSON {
        let response = try await deliver(message, connection, blaming: id, in: step)
        return try result(of: response, message, connection, blaming: id, in: step, errorIsFine: errorIsFine)
    }

    private func deliver(
        _ message: MCPMessage, _ connection: MCPConnection, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) -> HTTPResponse {
        do throws(Halted) {
            return try await answer(to: connection.request(message, step: step), for: outage(id, in: step))
        } catch {
            throw .halted
        }
    }

    private func result(
        of response: HTTPResponse, _ message: MCPMessage, _ connection: MCPConnection, blaming id: CheckID?,
        in step: Step, errorIsFine: Bool = false
    ) throws(CallRefusal) -> JSON {
        // Without handshake the status tells of JSON-RPC errors, too.
        let isError = connection.isStateless && [400, 404].contains(response.status) && response.rpcErrorCode != nil
        guard response.status == 200 || isError else {
            if let refusal = insufficientScope(response) { throw refusal }
            _ = try refused(response, message, blaming: id, in: step)
            throw .halted
        }
        if let id { pass(id) }
        pass(outage(id, in: step))
        do throws(Halted) {
            return try read(response, message, step, errorIsFine)
        } catch {
            throw .halted
        }
    }

    /// Reads an answer of 200.
    ///
    /// - Returns: the result; null for an error that is fine.
    func read(
        _ response: HTTPResponse, _ message: MCPMessage, _ step: Step, _ errorIsFine: Bool
    ) throws(Halted) -> JSON {
        let answer: MCPAnswer
        do throws(MCPProblem) {
            answer = try MCPAnswer.read(response, id: message.id ?? 0)
        } catch {
            throw halt(
                error.check,
                "`\(message.method)`: \(error.message)\(Self.pageName(response))",
                evidence: summary(response), step: step,
                layer: Self.layer(of: response))
        }
        pass(.mcpBody)
        pass(.mcpId)
        switch answer {
        case .result(let result):
            pass(.mcpError)
            return result
        case .error where errorIsFine: return .null
        case .error(let code, let text):
            throw halt(
                .mcpError, "`\(message.method)` is answered with the JSON-RPC error \(code): \(text)", step: step)
        }
    }

    /// The check for an answer that says nothing about the token: a kept session is not dead because the server is down.
    func outage(_ id: CheckID?, in step: Step) -> CheckID { step == .session ? .mcpStatus : id ?? .mcpStatus }

    func refused(
        _ response: HTTPResponse, _ message: MCPMessage, blaming id: CheckID?, in step: Step
    ) throws(CallRefusal) -> Halted {
        let challenge = BearerChallenge(response.fields.all("www-authenticate"))
        let why = challenge?.error.map { error in
            " (\(error)\(challenge?.parameters["error_description"].map { ": \($0)" } ?? ""))"
        }
        guard response.status == 401 else {
            return halt(
                status: response, of: "`\(message.method)` with the token", for: outage(id, in: step), step: step)
        }
        guard let id else { throw .unauthorized }
        return halt(
            id, .failure,
            "`\(message.method)` with the token is answered with 401\(why ?? "")"
                + (wasAccepted(response) ? ", though the same token was accepted a moment before" : ""),
            evidence: summary(response),
            remedy: wasAccepted(response)
                ? "Look for several replicas, or workers, that do not share their tokens or keys." : nil)
    }

    /// Whether the token of the last request was taken earlier in this run: then it depends on who answers.
    private func wasAccepted(_ refusal: HTTPResponse) -> Bool {
        guard let token = record.exchanges.last?.request.fields["authorization"] else { return false }
        return record.exchanges.contains { exchange in
            exchange.request.fields["authorization"] == token && exchange.request.url == endpoint
                && exchange.response.map { (200...299).contains($0.status) } ?? false
        }
    }

    func insufficientScope(_ response: HTTPResponse) -> CallRefusal? {
        guard response.status == 403, let challenge = BearerChallenge(response.fields.all("www-authenticate")),
            challenge.error == "insufficient_scope"
        else { return nil }
        return .insufficientScope(challenge.scope)
    }

    /// The GET that stands for the MCP messages.
    private func get(
        _ url: WebURL, token: Secret, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) {
        let request = HTTPRequest(
            step, "GET", url, fields: ["Accept": "application/json", "Authorization": "Bearer \(token.reveal())"],
            carriesSecret: true)
        do {
            let response = try await answer(to: request, for: outage(id, in: step))
            guard response.status == 200 else {
                if let refusal = insufficientScope(response) { throw refusal }
                // Servers that are no MCP servers refuse a token with 400 and 403, too.
                if id == nil, response.status == 401 { throw CallRefusal.unauthorized }
                let blamed = (400...403).contains(response.status) ? id ?? .mcpStatus : outage(id, in: step)
                throw halt(status: response, of: "GET \(url.path) with the token", for: blamed, step: step)
            }
            if let id { pass(id) }
            pass(outage(id, in: step))
        } catch let refusal as CallRefusal {
            throw refusal
        } catch {
            throw .halted
        }
    }
}

extension HTTPResponse {
    /// The code of the JSON-RPC error in the body; nil when there is none.
    var rpcErrorCode: Int? { MCPAnswer.messages(self).lazy.compactMap { $0["error"]?["code"]?.integer }.first }

    /// Whether `initialize` is answered as by a server that knows no such request.
    var knowsNoHandshake: Bool {
        [200, 400, 404].contains(status)
            && rpcErrorCode.map { [UnsupportedVersion.code, -32_601, -32_600, -32_602].contains($0) } ?? false
    }
}
