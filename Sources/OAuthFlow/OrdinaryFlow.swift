package import WatchCore

/// What the ordinary flow of a run came to, for what goes on from there.
package struct OrdinaryFlow: Sendable {
    package var server: DiscoveredServer
    package var challenge: Challenge
    /// nil: none is kept yet.
    package var client: RegisteredClient?
    /// Tokens that work; nil where none are kept.
    package var chain: TokenChain?

    /// What the ordinary flow came to.
    package init(server: DiscoveredServer, challenge: Challenge, client: RegisteredClient?, chain: TokenChain?) {
        self.server = server
        self.challenge = challenge
        self.client = client
        self.chain = chain
    }
}

extension FlowRun {
    /// What the flow came to; nil when it did not pass.
    ///
    /// - Parameter own: a login's own tokens, which are the ones to use where no session is kept.
    func passed(
        _ server: DiscoveredServer, _ challenge: Challenge, _ own: (chain: TokenChain, client: RegisteredClient)?
    ) async -> OrdinaryFlow? {
        if target.keepsNothing, let own {
            return OrdinaryFlow(server: server, challenge: challenge, client: own.client, chain: own.chain)
        }
        let isBroken = record.findings.contains { $0.severity == .failure && $0.step == .session }
        guard own != nil || !isBroken, !Task.isCancelled else { return nil }
        let state = await environment.memory.state
        let lives = record.facts.sessionAlive[.ordinary] == true
        return OrdinaryFlow(
            server: server, challenge: challenge,
            client: own?.client ?? givenClient(of: server.metadata) ?? state.client,
            chain: lives ? state.chain : nil)
    }
}
