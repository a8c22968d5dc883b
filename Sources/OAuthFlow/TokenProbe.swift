import WatchCore

/// What a server does with a token that need not be good.
enum TokenProbe {
    /// A result, or a JSON-RPC error that came from behind the door.
    case accepted
    /// 401.
    case refused
    /// Anything else: an outage, another refusal.
    case unclear
}

extension FlowRun {
    /// Makes the protected request with a token. Nothing is scored.
    func probe(_ token: Secret, _ call: ProtectedCall) async -> TokenProbe {
        let step = step ?? .session
        if case .api(let url) = call {
            let request = HTTPRequest(
                step, "GET", url, fields: ["Accept": "application/json", "Authorization": "Bearer \(token.reveal())"],
                carriesSecret: true)
            guard let response = try? await send(request) else { return .unclear }
            return response.status == 401 ? .refused : response.status == 200 ? .accepted : .unclear
        }
        var connection = MCPConnection(endpoint: target.server, client: clientInfo, accessToken: token)
        let remembered = await environment.memory.state.revision?.version
        if let version = target.revision ?? spoken ?? remembered, version.isStateless {
            connection.speak(version)
        } else {
            let version = target.revision ?? .newestHandshake
            let initialize = MCPMessage.initialize(clientInfo, offering: version, id: connection.nextID())
            let (first, settled) = await answer(to: initialize, over: connection, at: step)
            guard call != .initialize, first == .accepted, let settled else { return first }
            connection.settle(settled.response, version: settled.revision)
            _ = try? await send(connection.request(.initialized, step: step))
        }
        let message =
            call == .callTool
            ? MCPMessage.call(Self.madeUpTool, id: connection.nextID()) : .listTools(id: connection.nextID())
        return await answer(to: message, over: connection, at: step).probe
    }

    private func answer(
        to message: MCPMessage, over connection: MCPConnection, at step: Step
    ) async -> (probe: TokenProbe, settled: (response: HTTPResponse, revision: Revision?)?) {
        guard let response = try? await send(connection.request(message, step: step)) else { return (.unclear, nil) }
        guard response.status == 200 else { return (response.status == 401 ? .refused : .unclear, nil) }
        guard let answer = try? MCPAnswer.read(response, id: message.id ?? 0) else { return (.unclear, nil) }
        switch answer {
        case .result(let result):
            return (.accepted, (response, result["protocolVersion"]?.string.flatMap(Revision.init)))
        case .error: return (message.method == "tools/call" ? .accepted : .unclear, nil)
        }
    }
}
