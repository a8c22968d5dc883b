package import OAuthFlow
import WatchCore

/// Tries guards after the ordinary flow of a run has passed, settles what each came to, and gives everything back.
package struct GuardRun {
    private let plan: GuardPlan
    private let scene: GuardScene
    private let run: FlowRun
    private var outcomes: [GuardOutcome] = []

    /// Guards for one run.
    ///
    /// - Parameters:
    ///   - plan: which may be tried.
    ///   - run: the run, of which the ordinary flow has passed.
    ///   - flow: what that came to.
    package init(_ plan: GuardPlan, in run: FlowRun, after flow: OrdinaryFlow) {
        self.plan = plan
        self.run = run
        scene = GuardScene(run: run, flow: flow, logins: plan.logins)
        scene.sacrifice.mayEndTheOrdinarySession = plan.isOneShot
    }

    /// Tries them: those of class C first, those that may end a family of tokens last.
    package mutating func perform() async {
        await run.enter(.guarding, detail: "Checking what must be refused...")
        noteWhatTheFlowScored()
        for one in Guard.single where plan.contains(one.id) && one.id.guardClass == .harmless { await attempt(one) }
        await tryCodes(CodeGuard.all.filter { plan.mayLogIn && wants($0.id) })
        for one in Guard.sessionTokens + Guard.login + Guard.slow where plan.contains(one.id) { await attempt(one) }
        await walkOn()
        for one in Guard.risky where plan.contains(one.id) { await attempt(one) }
        await GuardCleanUp(scene: scene).perform(outcomes)
        remember()
    }

    /// Those of class C that ended at a page: a login shows what comes after it.
    private mutating func walkOn() async {
        guard plan.mayLogIn else { return }
        let open = outcomes.filter { $0.result == .inconclusive && pages.contains($0.id) }.map(\.id)
        scene.walksThroughLogins = true
        for id in plan.sorted(open) { for one in Guard.authorize where one.id == id { await attempt(one) } }
        scene.walksThroughLogins = false
    }

    /// Guards that a page stood in the way of.
    private var pages: Set<CheckID> = []

    /// A code guard that was tried without a code counts only when that told nothing.
    private func wants(_ id: CheckID) -> Bool {
        guard plan.contains(id) else { return false }
        return id.guardClass == .sacrificial || pages.contains(id)
    }

    /// Guards that need nothing but the flow's own requests.
    static let scoredByFlow: [CheckID] = [.mcpNoToken, .mcpOpenListing, .sessionOldAccessToken]

    /// What the flow itself has scored.
    private mutating func noteWhatTheFlowScored() {
        for id in Self.scoredByFlow where run.record.scored.contains(id) {
            let isOpen = run.record.findings.contains { $0.check == id }
            if isOpen, id == .mcpOpenListing, plan.refusedBefore.contains(id) {
                run.check(
                    id, false, .insecure,
                    "`initialize` and `tools/list` answer without a token, which they once refused",
                    step: .challenge)
            }
            outcomes.append(GuardOutcome(id, isOpen ? .accepted : .refused))
        }
    }

    // MARK: One guard

    private mutating func attempt(_ one: Guard) async {
        let attempt = one.attempt
        let scene = scene
        await settle(one.id, one.notRefused, one.codes) { () throws(Unscored) in try await attempt(scene) }
    }

    /// Tries a guard, a second time when it was not refused.
    private mutating func settle(
        _ id: CheckID, _ notRefused: String, _ codes: [String], first: Attempt? = nil,
        _ attempt: () async throws(Unscored) -> Attempt
    ) async {
        do throws(Unscored) {
            var result: Attempt
            if let first { result = first } else { result = try await attempt() }
            switch result {
            case .accepted where await !isSuspect(id), .fault:
                result = try await confirmed(result, id, attempt)
            default: break
            }
            conclude(id, result, notRefused, codes)
        } catch {
            outcome(id, .inconclusive, error.reason)
        }
    }

    private func isSuspect(_ id: CheckID) async -> Bool {
        await run.environment.memory.state.guards.entries[id]?.isSuspect ?? false
    }

    private func confirmed(
        _ first: Attempt, _ id: CheckID, _ attempt: () async throws(Unscored) -> Attempt
    ) async throws(Unscored) -> Attempt {
        scene.isConfirming = true
        defer { scene.isConfirming = false }
        do throws(Unscored) {
            let second = try await attempt()
            switch (first, second) {
            case (.accepted, .refused): return .unclear("not refused at first, refused at the second try")
            default: return second
            }
        } catch {
            if case .accepted = first { run.rememberSoon { $0.guards.entries[id, default: .init()].isSuspect = true } }
            throw Unscored("not refused, but that could not be confirmed: \(error.reason)")
        }
    }

    private mutating func conclude(_ id: CheckID, _ result: Attempt, _ notRefused: String, _ codes: [String]) {
        switch result {
        case .refused(let refusal):
            run.pass(id)
            judge(refusal, of: id, codes)
            outcome(id, .refused)
        case .accepted(let proof):
            run.check(id, false, severity(id), notRefused, evidence: proof, step: .guarding)
            outcome(id, .accepted)
        case .fault(let answer):
            let message = "the server fails at a request that it should refuse (\(id.rawValue))"
            run.check(
                id, false, .warning, message, evidence: answer,
                remedy: "Look in the server's log for what failed, and answer such a request with 4xx.", step: .guarding
            )
            outcome(id, .inconclusive, "server error")
        case .page(let what):
            pages.insert(id)
            outcome(id, .inconclusive, what)
        case .unclear(let why): outcome(id, .inconclusive, why)
        case .notApplicable(let why): outcome(id, .unscored, why)
        }
    }

    /// What was once refused and is not now weighs more than what never was.
    private func severity(_ id: CheckID) -> Severity {
        guard id == .mcpBadOrigin, plan.refusedBefore.contains(id) else { return id.severity }
        return .warning
    }

    private func judge(_ refusal: Refusal, of id: CheckID, _ codes: [String]) {
        if let blemish = refusal.blemish {
            run.check(id, false, blemish.severity, blemish.message, step: .guarding)
        }
        guard let code = refusal.code, !codes.isEmpty else { return }
        run.check(
            .tokenErrorCode, codes.contains(code), .info, "a refusal says \(code), not \(codes[0]) (\(id.rawValue))",
            step: .guarding)
    }

    private mutating func outcome(_ id: CheckID, _ result: GuardState.Result, _ detail: String = "") {
        outcomes.removeAll { $0.id == id }
        outcomes.append(GuardOutcome(id, result, detail))
    }

    private func remember() {
        let (outcomes, now, hasSent, pages, group) = (outcomes, run.now, scene.hasSent, pages, plan.group)
        run.note { $0.guards = outcomes }
        run.rememberSoon { state in
            for outcome in outcomes {
                state.guards.note(outcome.id, outcome.result, at: now)
                state.guards.entries[outcome.id]?.needsLogin = pages.contains(outcome.id)
            }
            if hasSent { state.guards.lastSent = now }
            if let group { state.guards.groups[group] = now }
        }
    }

    // MARK: Guards that redeem a code

    /// Several guards share a code as long as it is shown to have been alive: the first wrong request is always made
    /// with a fresh one, and after the others the right request must still succeed.
    private mutating func tryCodes(_ guards: [CodeGuard]) async {
        var waiting = plan.sorted(guards.map(\.id)).compactMap { id in guards.first { $0.id == id } }
        while !waiting.isEmpty {
            do throws(Unscored) {
                try await tryCode(&waiting)
            } catch {
                for one in waiting { outcome(one.id, .inconclusive, error.reason) }
                return
            }
        }
    }

    /// Tries as many as one code is good for; at least one is settled and taken off the list.
    private mutating func tryCode(_ waiting: inout [CodeGuard]) async throws(Unscored) {
        let code = try await scene.sacrifice.code(in: scene)
        var refused: [(CodeGuard, Attempt)] = []
        while let one = waiting.first {
            waiting.removeFirst()
            let result: Attempt
            do throws(Unscored) {
                result = try await attempt(one, code)
            } catch {
                outcome(one.id, .inconclusive, error.reason)
                continue
            }
            if case .refused = result {
                refused.append((one, result))
                continue
            }
            // The code was alive until now: what was refused before was refused for its own reason.
            for (earlier, result) in refused { await settle(earlier, result) }
            await settle(one, result)
            return
        }
        try await redeem(code, refused, &waiting)
    }

    /// The right request, after the wrong ones.
    private mutating func redeem(
        _ code: IssuedCode, _ refused: [(CodeGuard, Attempt)], _ waiting: inout [CodeGuard]
    ) async throws(Unscored) {
        guard !refused.isEmpty else { return }
        let chain = try await scene.tokens(scene.redemption(code), for: code.client).chain
        if let chain {
            for (one, result) in refused { await settle(one, result) }
            try await scene.prove(chain)
            scene.sacrifice.use(chain, code.client)
            return
        }
        // The first refusal has ended the code. It counts if a login without wrong requests brings tokens.
        waiting = refused.dropFirst().map(\.0) + waiting
        _ = try await scene.session()
        await settle(refused[0].0, refused[0].1)
    }

    private func attempt(_ one: CodeGuard, _ code: IssuedCode) async throws(Unscored) -> Attempt {
        var request = scene.redemption(code)
        try await one.change(&request, code, scene)
        return try await scene.tokens(request, for: code.client).attempt
    }

    private mutating func settle(_ one: CodeGuard, _ result: Attempt) async {
        let scene = scene
        await settle(one.id, one.notRefused, one.codes, first: result) { () throws(Unscored) in
            let code = try await scene.sacrifice.code(in: scene)
            var request = scene.redemption(code)
            try await one.change(&request, code, scene)
            return try await scene.tokens(request, for: code.client).attempt
        }
    }
}
