import JSONReader
import OAuthFlow
import WatchCore

/// The protected call, with something wrong about it.
extension GuardScene {
    typealias Change = (inout HTTPRequest) -> Void

    /// Makes the accepted call of this run again, with every request of it changed in the same way.
    ///
    /// A call is more than one request where MCP has a handshake; it is accepted when its last request is.
    ///
    /// - Parameter token: what stands in the Authorization header before the change; nil: no header.
    func call(with token: Secret?, _ change: Change = { _ in }) async throws(Unscored) -> Attempt {
        if isOpen { return .notApplicable("no token is needed at all") }
        let accepted = try acceptedCall()
        let session = try await open(accepted, token, change)
        switch session {
        case .ended(let attempt): return attempt
        case .open(let id): return try await ask(accepted, token, session: id, change)
        }
    }

    /// Opens a session as the ordinary flow does, then calls with the session id and no token.
    func callInSessionWithoutToken(_ token: Secret) async throws(Unscored) -> Attempt {
        if isOpen { return .notApplicable("no token is needed at all") }
        let accepted = try acceptedCall()
        guard !accepted.opening.isEmpty else { return .notApplicable("there are no MCP sessions") }
        guard case .open(let session) = try await open(accepted, token, { _ in }) else {
            throw Unscored("no session could be opened")
        }
        guard let session else { return .notApplicable("there are no MCP sessions") }
        let attempt = try await ask(accepted, nil, session: session, { _ in })
        await close(session, token)
        return attempt
    }

    /// Whether the door stands open for anybody: then no wrong token tells anything.
    private var isOpen: Bool {
        flow.challenge.protected == .nothing || run.record.findings.contains { $0.check == .mcpNoToken }
    }

    private func acceptedCall() throws(Unscored) -> AcceptedCall {
        let call = AcceptedCall(in: run.record.exchanges, flow.challenge.protected, endpoint: run.endpoint)
        guard let call else { throw Unscored("no protected call was accepted in this run") }
        return call
    }

    /// What the handshake came to.
    private enum Opening {
        case open(session: String?)
        case ended(Attempt)
    }

    private func open(
        _ accepted: AcceptedCall, _ token: Secret?, _ change: Change
    ) async throws(Unscored) -> Opening {
        var session: String?
        for request in accepted.opening {
            let response = try await send(prepared(request, token, session, change))
            guard let id = request.rpcID else { continue }
            guard (200...299).contains(response.status) else {
                return .ended(refusal(response) ?? .unclear(elsewhere(response)))
            }
            guard let answer = try? MCPAnswer.read(response, id: id) else {
                return .ended(.unclear("`initialize` is answered with something else: \(run.summary(response))"))
            }
            guard case .result = answer else {
                return .ended(
                    flow.challenge.protected == .initialize
                        ? .refused(Refusal(status: response.status))
                        : .unclear("`initialize` is answered with an error"))
            }
            session = response.fields["mcp-session-id"]
        }
        return .open(session: session)
    }

    private func ask(
        _ accepted: AcceptedCall, _ token: Secret?, session: String?, _ change: Change
    ) async throws(Unscored) -> Attempt {
        let response = try await send(prepared(accepted.last, token, session, change))
        if let refusal = refusal(response) { return refusal }
        guard (200...299).contains(response.status) else { return .unclear(elsewhere(response)) }
        guard let id = accepted.last.rpcID else { return judge(api: response) }
        guard let answer = try? MCPAnswer.read(response, id: id) else {
            return .unclear("the call is answered with something else: \(run.summary(response))")
        }
        switch answer {
        case .result: return .accepted("the call is answered: \(run.summary(response))")
        // A made-up tool cannot succeed: the same error as with a good token says that the door was open.
        case .error(_, let text) where answer == accepted.answer && !SpokenRefusal.speaksOfAuthentication(text):
            return .accepted("the call is answered as with a good token: \(run.summary(response))")
        case .error: return .refused(Refusal(status: response.status))
        }
    }

    private func judge(api response: HTTPResponse) -> Attempt {
        guard !response.isPage, !response.body.isEmpty else { return .unclear(elsewhere(response)) }
        if response.json?["error"] != nil { return .refused(Refusal(status: response.status)) }
        return .accepted("the API answers: \(run.summary(response))")
    }

    private func prepared(
        _ request: HTTPRequest, _ token: Secret?, _ session: String?, _ change: Change
    ) -> HTTPRequest {
        var request = request.again
        request.fields["Authorization"] = token.map { "Bearer \($0.reveal())" }
        if request.fields["Mcp-Session-Id"] != nil { request.fields["Mcp-Session-Id"] = session }
        change(&request)
        return request
    }

    private func elsewhere(_ response: HTTPResponse) -> String {
        "neither a refusal nor an answer: \(run.summary(response))"
    }

    /// Ends the session that a guard opened; whether that succeeds does not matter.
    ///
    /// Source: MCP 2025-11-25, transports, session management.
    private func close(_ session: String, _ token: Secret) async {
        let fields: HTTPFields = ["Mcp-Session-Id": session, "Authorization": "Bearer \(token.reveal())"]
        _ = try? await send(HTTPRequest(.guarding, "DELETE", run.endpoint, fields: fields, carriesSecret: true))
    }
}
