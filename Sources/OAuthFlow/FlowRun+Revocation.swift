package import WatchCore

/// Step `revocation`: nothing is left behind that is not needed.
extension FlowRun {
    /// Revokes the tokens of a chain.
    ///
    /// Source: RFC 7009 §2.
    package func revoke(_ chain: TokenChain, as client: RegisteredClient, at server: AuthorizationServer) async {
        guard let endpoint = server.revocationEndpoint, environment.permitsSecrets(endpoint.origin) else { return }
        if step != .revocation { await enter(.revocation, detail: "Revoking tokens...") }
        let tokens = [("refresh_token", chain.refreshToken), ("access_token", chain.accessToken)]
        for case (let hint, let token?) in tokens {
            let pairs = [FormPair("token", token.reveal()), FormPair("token_type_hint", hint)]
            await cleanUp(client.request(.revocation, endpoint, pairs), "the revocation of the \(hint)")
        }
    }

    /// Deletes a registered client where the server allows it.
    ///
    /// Source: RFC 7592 §2.3.
    package func delete(_ client: RegisteredClient) async {
        guard let token = client.registrationAccessToken, let url = client.registrationURI.flatMap({ WebURL($0) }),
            environment.permitsSecrets(url.origin)
        else { return }
        let request = HTTPRequest(
            step ?? .revocation, "DELETE", url, fields: ["Authorization": "Bearer \(token.reveal())"],
            carriesSecret: true)
        await cleanUp(request, "the deletion of the client")
    }

    /// Deletes the clients that were replaced and that no kept session belongs to any more.
    func forgetFormerClients() async {
        let state = await environment.memory.state
        let gone = state.sessions.formerClients.filter { !state.isInUse($0) }
        guard !gone.isEmpty else { return }
        for client in gone { await delete(client) }
        rememberSoon { $0.sessions.formerClients.removeAll { gone.contains($0) } }
        await handOverWhatWaits()
    }

    private func cleanUp(_ request: HTTPRequest, _ what: String) async {
        do throws(TransportFailure) {
            let response = try await send(request)
            check(
                .revocationStatus, (200...299).contains(response.status), "\(what) is answered with \(response.status)",
                evidence: summary(response))
        } catch {
            check(.revocationStatus, false, "\(what) failed: \(error.message)")
        }
    }
}
