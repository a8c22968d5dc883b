/// All that one run did and found.
package struct RunRecord: Sendable {
    package var target: String
    package var kind: RunKind
    package var serverURL: String
    package var username: String
    package var clientName: String
    package var startedAt: WallTime
    package var duration: Duration
    package var steps: [StepResult]
    package var findings: [Finding]
    /// The checks that were answered, whatever the answer: only those resolve earlier findings.
    package var scored: Set<CheckID>
    package var exchanges: [Exchange]
    /// Which exchange was the newest when a check was first found amiss: its place in `exchanges`.
    package var proofs: [CheckID: Int] = [:]
    package var summary: SequenceSummary
    package var facts: RunFacts
    /// What the guards that were tried came to, in the order in which they were settled.
    package var guards: [GuardOutcome] = []
    /// Every secret value that the run met; `Redactor` removes them from all text.
    package var secrets: SecretLedger

    /// A run that has just begun.
    package init(
        target: String, kind: RunKind, serverURL: String, username: String, clientName: String, startedAt: WallTime
    ) {
        self.target = target
        self.kind = kind
        self.serverURL = serverURL
        self.username = username
        self.clientName = clientName
        self.startedAt = startedAt
        duration = .zero
        steps = []
        findings = []
        scored = []
        exchanges = []
        summary = SequenceSummary()
        facts = RunFacts()
        secrets = SecretLedger()
    }

    /// The worst of the findings.
    package var verdict: Verdict { Verdict(findings) }

    /// The finding to name first: the worst, of those the first one of the flow.
    package var blamed: Finding? {
        verdict == .healthy ? nil : findings.filter { $0.verdict == verdict }.min { $0.step < $1.step }
    }
}

/// What one guard came to in a run.
package struct GuardOutcome: Sendable, Hashable {
    package var id: CheckID
    package var result: GuardState.Result
    /// Why it could not be scored, or what came instead; may be empty. Free of secrets once redacted.
    package var detail: String

    /// What one guard came to.
    package init(_ id: CheckID, _ result: GuardState.Result, _ detail: String = "") {
        self.id = id
        self.result = result
        self.detail = detail
    }
}

/// The success of each major step, as the seed's traces tell it.
package struct SequenceSummary: Sendable, Hashable {
    package var clientID: String?
    package var authCodeReceived = false
    package var accessTokenReceived = false
    package var refreshTokenReceived = false

    /// Nothing has succeeded yet.
    package init() {}
}

/// What a run learned about the server that the metrics show.
package struct RunFacts: Sendable, Hashable {
    /// The auth profile followed: an MCP revision.
    package var revision: String?
    /// The protocol version of the MCP requests; nil when it was not settled.
    package var protocolVersion: String?
    package var registrations = 0
    package var registrationsRefused = 0
    package var passwordSubmissions = 0
    package var passwordRejections = 0
    package var refreshes = 0
    package var refreshesRefused = 0
    /// Seconds; nil when none was promised.
    package var tokenLifetime: Int?
    /// Their clock minus ours, in seconds; nil when no Date header came.
    package var clockSkew: Double?
    /// End of validity of the server's certificate; nil without TLS.
    package var certificateExpiry: WallTime?
    /// Length of that validity; nil when it is not known.
    package var certificateLifetime: Duration?
    /// When the kept sessions began.
    package var sessionStart: [SessionCanary: WallTime] = [:]
    /// How long the server asked to be left alone.
    package var retryAfter: Duration?
    /// Whether the kept sessions worked, those that were tried.
    package var sessionAlive: [SessionCanary: Bool] = [:]

    /// Nothing is known yet.
    package init() {}
}

/// The secret values of one run.
package struct SecretLedger: Sendable {
    /// Passwords: never shown, not even as a fingerprint.
    package private(set) var passwords: Set<Secret> = []
    /// Tokens, codes, verifiers, cookies and the like: shown as fingerprints, equal for equal values.
    package private(set) var values: Set<Secret> = []
    /// Bytes that may still be taken by `add(incidental:)`.
    private var room = 64 << 10

    /// No secret yet.
    package init() {}

    /// Adds a password.
    package mutating func add(password: Secret) {
        if !password.isEmpty { passwords.insert(password) }
    }

    /// Adds any other secret value.
    package mutating func add(_ value: String) {
        if !value.isEmpty { values.insert(Secret(value)) }
    }

    /// Adds a cookie, a hidden field, a session id: what a server may send in any number and of any size. After 64 KiB
    /// of them the run's ledger takes no more, for the work of looking for each must end; the rest is known by name only.
    package mutating func add(incidental value: String) {
        guard !value.isEmpty, value.utf8.count <= room, values.insert(Secret(value)).inserted else { return }
        room -= value.utf8.count
    }

    /// Adds all secrets of another run.
    package mutating func formUnion(_ other: SecretLedger) {
        passwords.formUnion(other.passwords)
        values.formUnion(other.values)
    }
}

/// Told about a run while it goes on; for the person who watches `oauthwatch trace`.
package protocol RunObserver: Sendable {
    /// A step begins.
    func stepBegins(_ step: Step, detail: String) async
    /// A request was answered, or failed. `secrets` are those known so far.
    func exchanged(_ exchange: Exchange, secrets: SecretLedger) async
    /// A step has ended. `findings` are those of this step.
    func stepEnds(_ result: StepResult, findings: [Finding], secrets: SecretLedger) async
}
