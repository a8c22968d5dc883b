package import WatchCore

/// The series of one target. Each is there from the start: a count at 0, a time at 0 (never), and what is not known
/// yet as NaN, which no alert compares true with.
package struct TargetMetrics: Sendable {
    /// A verdict of a run of some kind.
    struct RunKey: Hashable, Sendable {
        var kind: RunKind
        var verdict: Verdict
    }

    /// Answers of a step, by the first digit of their status.
    struct RequestKey: Hashable, Sendable {
        var step: Step
        var codeClass: String
    }

    /// The target's name.
    package let target: String
    /// What holds now, as the health of the target says.
    package var status = TargetStatus()
    /// Trace files kept of the target.
    package var traceFiles = 0
    /// Their size in bytes.
    package var traceBytes: Int64 = 0

    private(set) var server: String
    private(set) var kinds: [RunKind]
    let steps = Step.allCases
    private(set) var intervals: [RunKind: Duration]
    private(set) var budgets: TargetSettings.Budgets
    /// Logins that guards may use in 24 hours; nil: there are no guards.
    private(set) var guardLogins: Int?

    private(set) var revision = ""
    private(set) var loginSuccess = Double.nan
    private(set) var runs: Counter<RunKey>
    private(set) var runDurations: [RunKind: Histogram] = [:]
    private(set) var stepDurations: [Step: Histogram] = [:]
    private(set) var requests: Counter<RequestKey>
    private(set) var phaseSeconds = Counter(["name_lookup", "connect", "tls", "first_byte", "transfer"])
    private(set) var passwordSubmissions = Counter(["accepted", "rejected", "unknown"])
    private(set) var refreshes = Counter(["succeeded", "refused"])
    private(set) var registrations = Counter(["succeeded", "refused"])
    private(set) var sessionAlive: [SessionCanary: Bool] = [:]
    private(set) var sessionStart: [SessionCanary: WallTime] = [:]
    private(set) var tokenLifetime = Double.nan
    private(set) var clockSkew = Double.nan
    private(set) var certificateExpiry = Double.nan
    /// Only times and budgets: no client, no token.
    private(set) var kept = TargetState()

    /// A target that was never run.
    ///
    /// - Parameters:
    ///   - settings: the target's configuration.
    ///   - kinds: the kinds of run that it gets; nil: those of the configuration.
    package init(_ settings: TargetSettings, kinds: [RunKind]? = nil) {
        target = settings.name
        server = settings.server.description
        let kinds = kinds ?? (settings.guards.isEnabled ? [.login, .session, .guarding] : [.login, .session])
        self.kinds = kinds
        intervals = [
            .login: settings.interval, .session: settings.sessionInterval, .guarding: settings.guards.interval,
        ]
        guardLogins = settings.guards.isEnabled ? settings.guards.loginsPerDay : nil
        budgets = settings.budgets
        runs = Counter(kinds.flatMap { kind in Verdict.allCases.map { RunKey(kind: kind, verdict: $0) } })
        requests = Counter(
            steps.flatMap { step in Self.codeClasses.map { RequestKey(step: step, codeClass: $0) } })
    }

    /// Takes over the settings of another one with the same name; counts and times stay.
    package mutating func configure(as other: TargetMetrics) {
        (server, intervals, budgets) = (other.server, other.intervals, other.budgets)
        guardLogins = other.guardLogins
        // A kind that is new is there from now on, one that is gone is not.
        kinds = other.kinds
        var counts = other.runs
        for key in counts.keys { counts.add(runs[key], to: key) }
        runs = counts
    }

    /// Counts a run that has ended.
    package mutating func observe(_ record: RunRecord) {
        let verdict = record.verdict
        runs.add(1, to: RunKey(kind: record.kind, verdict: verdict))
        runDurations[record.kind, default: Histogram()].observe(record.duration)
        kept.ended(record.kind, verdict, startedAt: record.startedAt)
        if record.kind == .login && verdict != .inconclusive {
            loginSuccess = record.findings.contains { $0.severity == .failure && $0.step != .session } ? 0 : 1
        }
        for step in record.steps where step.outcome != .skipped {
            stepDurations[step.step, default: Histogram()].observe(step.duration)
        }
        count(record.exchanges)
        count(record.facts, codeReceived: record.summary.authCodeReceived)
        learn(record.facts)
    }

    /// Takes times, budgets and the session's start out of the kept state, at the start and when it has changed;
    /// nothing secret is kept here.
    package mutating func observe(_ state: TargetState) {
        (kept.registrations, kept.login) = (state.registrations, state.login)
        (kept.guards.entries, kept.guards.logins) = (state.guards.entries, state.guards.logins)
        kept.lastRun.merge(state.lastRun, uniquingKeysWith: max)
        kept.lastConclusive.merge(state.lastConclusive, uniquingKeysWith: max)
        kept.lastSuccess.merge(state.lastSuccess, uniquingKeysWith: max)
        for canary in SessionCanary.allCases { sessionStart[canary] = state[canary]?.startedAt }
    }

    /// Takes up a target where an earlier process left it.
    ///
    /// - Parameters:
    ///   - state: what was kept of it.
    ///   - loginSuccess: whether the last conclusive login run had no failure; nil before there was one.
    package mutating func restore(_ state: TargetState, loginSuccess: Bool?) {
        observe(state)
        self.loginSuccess = loginSuccess.map { $0 ? 1 : 0 } ?? .nan
    }

    private mutating func count(_ exchanges: [Exchange]) {
        var phases = HTTPPhases()
        for exchange in exchanges {
            let codeClass = exchange.response.map { "\($0.status / 100)xx" } ?? "none"
            requests.add(1, to: RequestKey(step: exchange.request.step, codeClass: codeClass))
            if let spent = exchange.response?.phases { phases.add(spent) }
        }
        phaseSeconds.add(phases.nameLookup.seconds, to: "name_lookup")
        phaseSeconds.add(phases.connect.seconds, to: "connect")
        phaseSeconds.add(phases.tls.seconds, to: "tls")
        phaseSeconds.add(phases.firstByte.seconds, to: "first_byte")
        phaseSeconds.add(phases.transfer.seconds, to: "transfer")
    }

    private mutating func count(_ facts: RunFacts, codeReceived: Bool) {
        let notRejected = facts.passwordSubmissions - facts.passwordRejections
        passwordSubmissions.add(Double(facts.passwordRejections), to: "rejected")
        passwordSubmissions.add(Double(notRejected), to: codeReceived ? "accepted" : "unknown")
        refreshes.add(Double(facts.refreshes), to: "succeeded")
        refreshes.add(Double(facts.refreshesRefused), to: "refused")
        registrations.add(Double(facts.registrations), to: "succeeded")
        registrations.add(Double(facts.registrationsRefused), to: "refused")
    }

    private mutating func learn(_ facts: RunFacts) {
        revision = facts.revision ?? revision
        sessionAlive.merge(facts.sessionAlive) { $1 }
        sessionStart.merge(facts.sessionStart) { $1 }
        tokenLifetime = facts.tokenLifetime.map(Double.init) ?? tokenLifetime
        clockSkew = facts.clockSkew ?? clockSkew
        certificateExpiry = facts.certificateExpiry?.seconds ?? certificateExpiry
    }

    private static let codeClasses = ["2xx", "3xx", "4xx", "5xx", "none"]
}
