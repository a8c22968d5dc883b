import OAuthFlow
import WatchCore

/// Gives back what sacrificial sessions were given.
struct GuardCleanUp {
    /// A session is kept for its access token to expire only when that is soon.
    private static let longestExpiry = 86_400

    let scene: GuardScene

    /// Revokes all tokens but those of one session that is kept until its access token has expired.
    func perform(_ outcomes: [GuardOutcome]) async {
        await endExpired(outcomes)
        await keepForExpiry()
        let run = scene.run
        for (chain, client) in scene.sacrifice.held { await run.revoke(chain, as: client, at: scene.server) }
        guard run.target.keepsNothing else { return }
        for client in scene.sacrifice.registered { await run.delete(client) }
    }

    /// What has told whether expiry counts is given back.
    private func endExpired(_ outcomes: [GuardOutcome]) async {
        let wasScored = outcomes.contains { $0.id == .mcpExpiredToken && [.refused, .accepted].contains($0.result) }
        let state = await scene.run.environment.memory.state.guards
        guard wasScored, let chain = state.expiring,
            let client = state.clients.first(where: { $0.clientID == chain.clientID })
        else { return }
        scene.sacrifice.hold(chain, client)
        try? await scene.run.remember { $0.guards.expiring = nil }
    }

    private func keepForExpiry() async {
        let state = await scene.run.environment.memory.state.guards
        guard !scene.run.target.keepsNothing, scene.settings.permits(.mcpExpiredToken), state.expiring == nil,
            let chain = scene.sacrifice.working?.chain, let lifetime = chain.expiresIn,
            (1...Self.longestExpiry).contains(lifetime),
            (try? await scene.run.remember { $0.guards.expiring = chain }) != nil
        else { return }
        scene.sacrifice.keep(chain)
    }
}
