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
        var connection = MCPConnection(endpoint: target.server, accessToken: token)
        let initialize = MCPMessage.initialize(clientName: target.clientName, id: connection.nextID())
        let (response, result) = try await ask(initialize, connection, blaming: id, in: step)
        do throws(Halted) {
            try settle(response, result, &connection)
        } catch {
            throw .halted
        }
        await confirm(connection, response, step)
        let list = MCPMessage.listTools(id: connection.nextID())
        let tools = try await ask(list, connection, blaming: id, in: step).result
        if step == .mcp {
            check(.mcpTools, !(tools["tools"]?.array ?? []).isEmpty, "the tool list is empty")
        }
        if target.tool != nil || call == .callTool { try await callTool(&connection, blaming: id, in: step) }
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
        pass(.mcpVersion)
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
        _ connection: inout MCPConnection, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) {
        let message = MCPMessage.call(target.tool ?? Self.madeUpTool, id: connection.nextID())
        // A made-up tool cannot succeed; any JSON-RPC answer shows that the token opened the door.
        _ = try await ask(message, connection, blaming: id, in: step, errorIsFine: target.tool == nil)
    }

    /// Sends one message with the token and reads its answer.
    private func ask(
        _ message: MCPMessage, _ connection: MCPConnection, blaming id: CheckID?, in step: Step,
        errorIsFine: Bool = false
    ) async throws(CallRefusal) -> (response: HTTPResponse, result: JSON) {
        do {
            let response = try await answer(to: connection.request(message, step: step), for: outage(id, in: step))
            guard response.status == 200 else {
                if let refusal = insufficientScope(response) { throw refusal }
                throw try refused(response, message, blaming: id, in: step)
            }
            if let id { pass(id) }
            pass(outage(id, in: step))
            return (response, try read(response, message, step, errorIsFine))
        } catch let refusal as CallRefusal {
            throw refusal
        } catch {
            throw .halted
        }
    }

    private func read(
        _ response: HTTPResponse, _ message: MCPMessage, _ step: Step, _ errorIsFine: Bool
    ) throws(Halted) -> JSON {
        let answer: MCPAnswer
        do throws(MCPProblem) {
            answer = try MCPAnswer.read(response, id: message.id ?? 0)
        } catch {
            throw halt(
                error.check, "`\(message.method)`: \(error.message)", evidence: summary(response), step: step,
                layer: response.isPage ? .edge : nil)
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
    private func outage(_ id: CheckID?, in step: Step) -> CheckID { step == .session ? .mcpStatus : id ?? .mcpStatus }

    private func refused(
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
            id, .failure, "`\(message.method)` with the token is answered with 401\(why ?? "")",
            evidence: summary(response))
    }

    private func insufficientScope(_ response: HTTPResponse) -> CallRefusal? {
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
