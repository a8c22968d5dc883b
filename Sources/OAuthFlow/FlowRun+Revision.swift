import WatchCore

/// Which revision of MCP the server speaks, and whether that has changed.
extension FlowRun {
    /// `server/discover` may take this long before `initialize` is tried instead.
    private static let patience: Duration = .seconds(10)

    /// Begins a conversation in the revision that the pin, this run, memory or the server say.
    func open(
        _ connection: inout MCPConnection, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) {
        let remembered = await environment.memory.state.revision
        let opening = RevisionSelection.opening(
            pin: target.revision, settled: spoken, remembered: remembered, isLogin: record.kind == .login, now: now)
        let mayAsk = target.revision == nil && spoken == nil
        switch opening {
        case .stateless(let version): connection.speak(version)
        case .handshake(let version):
            let isOpen = try await handshake(
                &connection, offering: version, blaming: id, in: step, mayAsk: mayAsk)
            if !isOpen { try await negotiate(&connection, isStateless: true, blaming: id, in: step) }
        case .discover:
            let isKnown = remembered?.version?.isStateless ?? false
            try await negotiate(&connection, isStateless: isKnown, blaming: id, in: step)
        }
        spoken = connection.version
    }

    private func negotiate(
        _ connection: inout MCPConnection, isStateless: Bool, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) {
        switch try await discover(&connection, isStateless: isStateless, blaming: id, in: step) {
        case .stateless(let version): connection.speak(version)
        case .handshake(let version, let question):
            let isOpen = try await handshake(
                &connection, offering: version, blaming: id, in: step, mayAsk: question != nil)
            if !isOpen, let question { throw blame(question, in: step) }
        }
    }

    /// A server that knows no handshake: what is wrong is its answer to `server/discover`, not its refusal of `initialize`.
    private func blame(_ question: Question, in step: Step) -> CallRefusal {
        do throws(Halted) {
            _ = try read(question.response, question.message, step, false)
            _ = halt(
                .mcpVersion, "`server/discover` names no version that can be spoken, and `initialize` is refused",
                evidence: summary(question.response), step: step)
        } catch {
            // What is wrong has been said.
        }
        return .halted
    }

    /// `server/discover` and an answer of 200 that was no sign of a revision.
    private struct Question {
        var message: MCPMessage
        var response: HTTPResponse
    }

    private enum Choice {
        case stateless(Revision), handshake(Revision, after: Question?)
    }

    /// Asks what the server speaks.
    ///
    /// - Parameter isStateless: whether it spoke the newest revision last time: then an outage is one.
    private func discover(
        _ connection: inout MCPConnection, isStateless: Bool, blaming id: CheckID?, in step: Step
    ) async throws(CallRefusal) -> Choice {
        var probe = connection
        probe.speak(.newest)
        let message = MCPMessage.discover(id: connection.nextID())
        var request = probe.request(message, step: step)
        if !isStateless { request.timeLimit = Self.patience }
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await send(request)
        } catch {
            // A server that is down will not answer `initialize` either, and that is what is blamed then.
            guard isStateless || error.kind != .timedOut else { return .handshake(.newestHandshake, after: nil) }
            _ = halt(error, of: request, for: outage(id, in: step))
            throw .halted
        }
        switch RevisionSelection.read(response, id: message.id ?? 0) {
        case .stateless(let version):
            askedRevision = true
            if let id { pass(id) }
            pass(outage(id, in: step))
            return .stateless(version)
        case .handshake(let version):
            askedRevision = true
            let question = response.status == 200 ? Question(message: message, response: response) : nil
            return .handshake(version, after: question)
        case .unknown(let versions):
            _ = halt(
                .mcpVersion, "the server speaks only versions that are unknown",
                evidence: "supported: \(versions.joined(separator: ", ")); known: "
                    + Revision.allCases.map(\.rawValue).joined(separator: ", "))
            throw .halted
        case .outage where !isStateless && response.status != 429: return .handshake(.newestHandshake, after: nil)
        case .refused, .outage:
            if let refusal = insufficientScope(response) { throw refusal }
            _ = try refused(response, message, blaming: id, in: step)
            throw .halted
        }
    }

    /// A server of the newest revision may answer clients of the older ones, too: they are watched as well.
    func tryOtherEra(_ call: ProtectedCall, token: Secret) async throws(Halted) {
        guard target.revision == nil, let version = spoken, version.isStateless else { return }
        var connection = MCPConnection(endpoint: endpoint, client: clientInfo, accessToken: token)
        let message = MCPMessage.initialize(clientInfo, id: connection.nextID())
        guard let response = try? await send(connection.request(message, step: .mcp)) else { return }
        guard response.status == 200, case .result(let result)? = try? MCPAnswer.read(response, id: message.id ?? 0)
        else {
            isDualEra = false
            return judgeOlderEra(response)
        }
        isDualEra = true
        connection.settle(response, version: result["protocolVersion"]?.string.flatMap(Revision.init))
        _ = try? await send(connection.request(.initialized, step: .mcp))
        do throws(CallRefusal) {
            try await use(call, over: &connection, blaming: .mcpStatus, in: .mcp)
        } catch {
            throw Halted()
        }
        await end(connection, in: .mcp)
        try await confirmDoor(call, version)
    }

    /// An older client is refused where it was never served, or is locked out.
    private func judgeOlderEra(_ response: HTTPResponse) {
        guard response.status == 401 || response.status == 403 else { return }
        check(
            .mcpStatus, false, .warning,
            "`initialize` with the token is answered with \(response.status), although requests of "
                + "\(spoken?.rawValue ?? "") are served: older clients are locked out", evidence: summary(response))
    }

    /// The challenge was asked for in one era; the door must be shut in the other, too.
    private func confirmDoor(_ call: ProtectedCall, _ version: Revision) async throws(Halted) {
        guard call == .initialize || call == .listTools else { return }
        let wasStateless = record.exchanges.contains {
            $0.request.step == .challenge && $0.request.fields["mcp-method"] != nil
        }
        var connection = MCPConnection(endpoint: endpoint, client: clientInfo)
        if !wasStateless { connection.speak(version) }
        let message =
            wasStateless
            ? MCPMessage.initialize(clientInfo, id: connection.nextID())
            : MCPMessage.listTools(id: connection.nextID())
        let response = try await answer(to: connection.request(message, step: .mcp), for: .mcpNoToken)
        guard call == .initialize || !wasStateless, response.status == 200,
            case .result? = try? MCPAnswer.read(response, id: message.id ?? 0)
        else { return }
        let era = wasStateless ? "before 2026-07-28" : version.rawValue
        check(
            .mcpNoToken, false, "`\(message.method)` of the revision \(era) is answered without a token",
            evidence: summary(response))
    }

    /// Keeps what was chosen, and says when it is another choice than before.
    func rememberRevision(of server: DiscoveredServer) async {
        let before = await environment.memory.state.revision
        note { $0.facts.protocolVersion = spoken?.rawValue }
        guard target.revision == nil else { return }
        let isAsked = askedRevision || before == nil
        let choice = RevisionChoice(
            profile: server.profile, version: spoken ?? before?.version,
            isDualEra: isDualEra ?? before?.isDualEra ?? false, askedAt: isAsked ? now : before?.askedAt ?? now)
        pass(.mcpRevision)
        if let before { judgeChange(from: before, to: choice) }
        // An outage at `server/discover` is no choice: the next run asks again.
        if askedRevision || before?.version != nil || spoken == nil { rememberSoon { $0.revision = choice } }
    }

    private func judgeChange(from before: RevisionChoice, to now: RevisionChoice) {
        check(
            .mcpRevision, before.profile == now.profile,
            "the documents follow \(now.profile.rawValue) now, and followed \(before.profile.rawValue) before",
            evidence: now.profile == .march2025 ? "there is no protected resource metadata any more" : "",
            step: .discovery)
        let (old, new) = (before.version, now.version)
        let isNewer = old.map { old in new.map { $0 > old } ?? false } ?? false
        check(
            .mcpRevision, old == nil || old == new, isNewer ? .info : .warning,
            "the MCP server speaks \(new?.rawValue ?? "") now, and spoke \(old?.rawValue ?? "") before",
            evidence: "since \(before.askedAt.iso8601Seconds)")
        check(
            .mcpRevision, !before.isDualEra || now.isDualEra || new?.isStateless != true,
            "clients of the revisions before 2026-07-28 are not served any more: `initialize` is refused")
    }
}
