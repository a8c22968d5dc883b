package import WatchCore

/// The flow of an MCP client, run once.
package struct OAuthFlow: Sendable {
    let target: TargetSettings
    let environment: FlowEnvironment

    /// The flow against `target`.
    package init(target: TargetSettings, environment: FlowEnvironment) {
        self.target = target
        self.environment = environment
    }

    /// What goes on from where the flow got to, in the same run and before its tokens are given back.
    package typealias Sequel = @Sendable (FlowRun, OrdinaryFlow) async -> Void

    /// Runs the flow.
    ///
    /// - Parameters:
    ///   - kind: `login` for the whole flow, otherwise the kept session alone.
    ///   - sequel: is called when the flow has passed.
    /// - Returns: all that was done and found; it never fails otherwise.
    package func run(_ kind: RunKind, then sequel: Sequel? = nil) async -> RunRecord {
        let run = FlowRun(kind, target: target, environment: environment)
        // A run may end before it comes to them, by an answer that holds them.
        for secret in await environment.memory.state.secrets { run.note { $0.secrets.add(secret.reveal()) } }
        var approach: Approach?
        do throws(Halted) {
            let (server, call) = try await run.approach()
            approach = Approach(server: server, challenge: call)
            await run.useKeptSessions(call.protected, of: server, wantsRefresh: kind == .login)
            var own: (chain: TokenChain, client: RegisteredClient)?
            if kind == .login { own = try await run.logIn(to: server, call) }
            if let sequel, let passed = await run.passed(server, call, own) { await sequel(run, passed) }
        } catch {
            // Why is among the findings.
        }
        run.noteOtherLogins()
        let exchanges = run.record.exchanges
        if kind == .login { await run.compareWithOtherPersonas(approach) }
        await run.compareWithBaseline(exchanges)
        await run.cleanUp()
        run.judgeFacts()
        return await run.finish()
    }

    /// Looks only at what the server publishes.
    ///
    /// - Returns: the record, and the origins that would receive credentials; nil when discovery failed.
    package func discover() async -> (record: RunRecord, found: Discovery?) {
        var environment = environment
        // Nothing secret is sent: what is found may be named wherever it is.
        environment.permitsSecrets = { _ in true }
        let run = FlowRun(.login, target: target, environment: environment)
        var found: Discovery?
        if let (server, call) = try? await run.approach() {
            found = Discovery(
                issuer: server.metadata.issuer, profile: server.profile,
                origins: [server.metadata.authorizationEndpoint.origin, server.metadata.tokenEndpoint.origin],
                scope: run.scope(after: call, of: server), protectsOnlyToolCalls: call.protected == .callTool)
        }
        return (await run.finish(), found)
    }
}

/// What discovery tells the operator.
package struct Discovery: Sendable {
    package var issuer: String
    package var profile: Revision
    package var origins: Set<Origin>
    package var scope: String?
    package var protectsOnlyToolCalls: Bool
}
