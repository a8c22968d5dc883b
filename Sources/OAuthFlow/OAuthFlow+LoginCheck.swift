package import WatchCore

extension OAuthFlow {
    /// Logs in as far as the authorization code, which is not redeemed.
    ///
    /// - Returns: all that was done and found; `summary.authCodeReceived` tells whether the user is let in.
    package func logIn() async -> RunRecord {
        let run = FlowRun(.login, target: target, environment: environment)
        do throws(Halted) {
            let (server, challenge) = try await run.approach()
            try await run.obtainCode(from: server, challenge)
        } catch {
            // Why is among the findings.
        }
        await run.cleanUp()
        return await run.finish()
    }
}

extension FlowRun {
    /// Registration to the code.
    fileprivate func obtainCode(from server: DiscoveredServer, _ challenge: Challenge) async throws(Halted) {
        wantedScope = scope(after: challenge, of: server)
        let authorization = Authorization(
            server: server, client: try await client(of: server.metadata),
            scope: scope(after: challenge, of: server), state: environment.randomText(),
            pkce: PKCE(verifier: environment.randomText()))
        do throws(AuthorizationRefusal) {
            _ = try await authorize(authorization, cookies: &cookies)
        } catch {
            guard case .errorPage(let response) = error else { throw Halted() }
            throw halt(
                status: response, of: "the authorization endpoint", for: .authorizationPage, step: .authorization)
        }
    }
}
