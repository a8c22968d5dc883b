package import WatchCore

/// Step `challenge`: which request is protected, and what does the refusal say?
extension FlowRun {
    /// Asks without a token, from the first request of a conversation on, until one is refused.
    func challenge() async throws(Halted) -> Challenge {
        await enter(.challenge, detail: "Asking without a token...")
        var connection = MCPConnection(endpoint: endpoint, client: clientInfo)
        let remembered = await environment.memory.state.revision?.version
        if let version = target.revision ?? remembered, version.isStateless {
            connection.speak(version)
            if let challenge = try await challenge(stateless: &connection) { return challenge }
            // Only a choice that was remembered can be out of date; what the pin says holds.
            guard target.revision == nil else { throw notThisRevision(version) }
            connection = MCPConnection(endpoint: endpoint, client: clientInfo)
        }
        let version = target.revision ?? .newestHandshake
        let first = MCPMessage.initialize(clientInfo, offering: version, id: connection.nextID())
        switch try await refusal(of: first, over: &connection, as: .initialize) {
        case .refused(let challenge): return challenge
        case .answered: break
        case .otherRevision(let response):
            connection.speak(.newest)
            if target.revision == nil, let challenge = try await challenge(stateless: &connection) { return challenge }
            throw halt(
                status: response, of: "the MCP endpoint, asked without a token,", for: .challengeStatus,
                remedy: Self.wrongPlace)
        }
        _ = try? await send(connection.request(.initialized, step: .challenge))
        do throws(Halted) {
            let challenge = try await challenge(afterOpening: &connection, "`initialize`")
            await end(connection, in: .challenge)
            return challenge
        } catch {
            await end(connection, in: .challenge)
            throw error
        }
    }

    /// The escalation where each request says for itself what it speaks.
    ///
    /// - Returns: nil when the server does not speak that way.
    private func challenge(stateless connection: inout MCPConnection) async throws(Halted) -> Challenge? {
        let discover = MCPMessage.discover(id: connection.nextID())
        switch try await refusal(of: discover, over: &connection, as: .initialize) {
        case .refused(let challenge): return challenge
        case .answered: return try await challenge(afterOpening: &connection, "`server/discover`")
        case .otherRevision: return nil
        }
    }

    private func challenge(
        afterOpening connection: inout MCPConnection, _ opening: String
    ) async throws(Halted) -> Challenge {
        let second = MCPMessage.listTools(id: connection.nextID())
        if case .refused(let challenge) = try await refusal(of: second, over: &connection, as: .listTools) {
            return challenge
        }
        let third = MCPMessage.call(target.tool ?? Self.madeUpTool, id: connection.nextID())
        if case .refused(let challenge) = try await refusal(of: third, over: &connection, as: .callTool) {
            let before = await environment.memory.state.baseline?.had("challenge", "answeredWithoutToken")?.strings
            let wasClosed = before.map { !$0.contains("tools/list") } ?? false
            check(
                .mcpOpenListing, false, wasClosed ? .insecure : .warning,
                "\(opening) and `tools/list` answer without a token; only `tools/call` is refused"
                    + (wasClosed ? "; they were closed when the server was accepted" : ""), step: .challenge)
            return challenge
        }
        check(
            .challengeStatus, false, "no request was refused without a token",
            evidence: "\(opening), `tools/list` and `tools/call` were all answered")
        return Challenge(protected: .nothing, bearer: nil, openCall: third, openVersion: connection.version)
    }

    private func notThisRevision(_ version: Revision) -> Halted {
        halt(
            .mcpVersion, "the server does not speak \(version.rawValue), which is pinned",
            evidence: "answer to `server/discover` without a token", remedy: "Change or remove `revision`.",
            step: .challenge)
    }

    /// Asks the API without a token.
    func challenge(api url: WebURL) async throws(Halted) -> Challenge {
        await enter(.challenge, detail: "Asking without a token...")
        let request = HTTPRequest(.challenge, "GET", url, fields: ["Accept": "application/json"])
        let response = try await answer(to: request, for: .challengeStatus)
        guard [400, 401, 403].contains(response.status) else {
            if (200...299).contains(response.status) {
                throw halt(
                    .mcpNoToken, .insecure, "GET \(url.path) answers \(response.status) without a token",
                    evidence: summary(response), remedy: "Require a token for this resource.", step: .challenge)
            }
            throw halt(status: response, of: "GET \(url.path) without a token", for: .challengeStatus)
        }
        return score(response, protected: .api(url))
    }

    /// A tool that no server has: calling it changes nothing.
    package static let madeUpTool = TargetSettings.Tool(name: "oauthwatch_no_such_tool")

    /// What became of a request without a token.
    private enum Unproven {
        case refused(Challenge)
        case answered
        /// The opening of a conversation is no request that this server knows.
        case otherRevision(HTTPResponse)
    }

    /// Sends one message without a token.
    private func refusal(
        of message: MCPMessage, over connection: inout MCPConnection, as call: ProtectedCall
    ) async throws(Halted) -> Unproven {
        var response = try await answer(to: connection.request(message, step: .challenge), for: .challengeStatus)
        if call == .initialize, let settled = try await endpointMoved(response, message, connection) {
            connection = connection.moved(to: endpoint)
            response = settled
        }
        let error = MCPAnswer.messages(response).first { $0["error"]?["code"] != nil }
        switch response.status {
        case 401: return .refused(score(response, protected: call))
        case 403:
            if call == .initialize, response.isPage, BearerChallenge(response.fields.all("www-authenticate")) == nil {
                await compareUserAgents(with: response)
                // When that is over, the next good login asks them all again, or the answer would stand for hours.
                rememberSoon { $0.probed = nil }
                throw halt(status: response, of: "the MCP endpoint, asked without a token,", for: .challengeStatus)
            }
            return .refused(score(response, protected: call))
        case 200...299 where response.isPage:
            throw halt(
                .challengeStatus, "the MCP endpoint, asked without a token, answers \(response.status) with a page",
                evidence: summary(response),
                remedy: "Find out what answers in the server's place: the page's title and server are in the finding.",
                layer: .edge)
        case 200...299 where call == .initialize && error != nil: return .otherRevision(response)
        case 200...299:
            if message.method == "initialize" {
                connection.settle(response, version: initializedVersion(response, message.id))
            }
            return .answered
        case 400..<500 where response.asksForCredentials: return .refused(score(response, protected: call))
        case 400...405 where call == .initialize && (error != nil || connection.isStateless):
            return .otherRevision(response)
        // Without sessions an error comes from behind the door: the method or the tool is not known there.
        case 400...404 where connection.isStateless && error != nil:
            return .answered
        case 400..<500 where call != .initialize && response.status != 429:
            // A server that only keeps sessions for authenticated clients may refuse to go on this way.
            return .refused(score(response, protected: call))
        case 404, 405:
            if call == .initialize, await opensAnEventStream() { throw formerTransport(response) }
            throw halt(
                status: response, of: "the MCP endpoint, asked without a token,", for: .challengeStatus,
                remedy: Self.wrongPlace)
        default: throw halt(status: response, of: "the MCP endpoint, asked without a token,", for: .challengeStatus)
        }
    }

    /// Whether the endpoint gives out an event stream, or would for a token: what it did before 2025-03-26.
    ///
    /// Source: MCP 2025-03-26, transports, backwards compatibility.
    private func opensAnEventStream() async -> Bool {
        let request = HTTPRequest(
            .challenge, "GET", endpoint, fields: ["Accept": "text/event-stream"], isComplete: EventStream.endsWithEvent)
        guard let response = try? await send(request) else { return false }
        if response.status == 401 { return BearerChallenge(response.fields.all("www-authenticate")) != nil }
        return response.status == 200 && response.mediaType == "text/event-stream"
    }

    private func formerTransport(_ response: HTTPResponse) -> Halted {
        halt(
            .challengeStatus, .inconclusive,
            "the endpoint takes no POST but opens event streams: it speaks the transport HTTP+SSE of 2024-11-05, which is "
                + "not spoken here", evidence: summary(response),
            remedy: """
                Name the endpoint of the transport Streamable HTTP, if the server has one (often `/mcp`); or watch the login \
                alone, with the issuer as the server and an API that it protects (`api`, `--api-url`).
                """, step: .challenge)
    }

    private static let wrongPlace = """
        Check that this is the MCP endpoint: many are at a path, which belongs to the server URL or to `mcpPath` \
        (`--mcp-path /mcp`).
        """

    private func initializedVersion(_ response: HTTPResponse, _ id: Int?) -> Revision? {
        guard case .result(let result)? = try? MCPAnswer.read(response, id: id ?? 0) else { return nil }
        return result["protocolVersion"]?.string.flatMap(Revision.init)
    }
}
