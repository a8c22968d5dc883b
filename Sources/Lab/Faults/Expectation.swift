package import WatchCore

/// What a monitor must say of the lab while a fault or variety holds. It follows from what the checks assert, not from
/// what a checker happens to say.
package struct Expectation: Sendable, Hashable {
    /// One finding.
    package struct Blame: Sendable, Hashable {
        package var check: CheckID
        package var step: Step
        package var severity: Severity
        /// Whose part it is.
        package var layer: Layer

        /// A finding of a check at a step, blamed on a part; nil: on the one that the check's entry names.
        package init(check: CheckID, step: Step, severity: Severity, layer: Layer? = nil) {
            self.check = check
            self.step = step
            self.severity = severity
            self.layer = layer ?? check.layer
        }
    }

    /// The one that matters most first. Above `info` no other finding may be there.
    package private(set) var findings: [Blame]
    /// How the fault is brought to light.
    package private(set) var rehearsal = Rehearsal()
    /// What else a reader should know; may be empty.
    package private(set) var note = ""

    /// What the findings come to.
    package var verdict: Verdict { findings.map { Verdict($0.severity) }.max() ?? .healthy }

    /// Nothing is found above `info`.
    package static let healthy = Expectation(findings: [])

    static func insecure(_ check: CheckID, at step: Step? = nil) -> Expectation { one(check, step, .insecure) }
    static func failure(_ check: CheckID, at step: Step? = nil) -> Expectation { one(check, step, .failure) }
    static func inconclusive(_ check: CheckID, at step: Step? = nil) -> Expectation { one(check, step, .inconclusive) }
    static func warning(_ check: CheckID, at step: Step? = nil) -> Expectation { one(check, step, .warning) }
    static func info(_ check: CheckID, at step: Step? = nil) -> Expectation { one(check, step, .info) }

    private static func one(_ check: CheckID, _ step: Step?, _ severity: Severity) -> Expectation {
        Expectation(findings: [Blame(check: check, step: step ?? check.step, severity: severity)])
    }

    /// All of it is the part of another than the check's entry names: of what stands in front of the server, say.
    func blaming(_ layer: Layer) -> Expectation {
        changed { copy in
            for index in copy.findings.indices { copy.findings[index].layer = layer }
        }
    }

    /// Further findings.
    func and(_ other: Expectation) -> Expectation { changed { $0.findings += other.findings } }

    /// It shows in a second flow only, with the kept client and tokens, after a restart of the server.
    var afterRestart: Expectation { changed { $0.rehearsal.interval = .restart } }

    /// It shows in a second flow only, with the kept client and tokens, when this time has gone by.
    func after(_ time: Duration) -> Expectation { changed { $0.rehearsal.interval = .time(time) } }

    /// It is met by this user.
    func with(username: String) -> Expectation { changed { $0.rehearsal.username = username } }

    /// It is met at an MCP endpoint with this path.
    func at(path: String) -> Expectation { changed { $0.rehearsal.path = path } }

    /// It is met by these clients.
    func by(personas: String...) -> Expectation { changed { $0.rehearsal.personas = personas } }

    /// It shows only when every guard is tried.
    var withAllGuards: Expectation { changed { $0.rehearsal.triesAllGuards = true } }

    /// A finding of the check's own severity.
    static func of(_ check: CheckID) -> Expectation { one(check, nil, check.severity) }

    /// It takes longer than faults usually do.
    func within(seconds: Int) -> Expectation { changed { $0.rehearsal.timeout = seconds } }

    /// With something that a reader should know.
    func noting(_ note: String) -> Expectation { changed { $0.note = note } }

    private func changed(_ change: (inout Expectation) -> Void) -> Expectation {
        var copy = self
        change(&copy)
        return copy
    }
}

/// How a fault is brought to light: most by one flow, some by what happens between two.
package struct Rehearsal: Sendable, Hashable {
    /// What happens between the first flow, which must be healthy, and the second.
    package enum Interval: Sendable, Hashable {
        /// The server is started again.
        case restart
        /// Time goes by.
        case time(Duration)
    }

    /// nil: one flow from nothing is enough.
    package var interval: Interval?
    /// nil: the lab's own user.
    package var username: String?
    /// The clients that the checker plays; empty: its own one.
    package var personas: [String] = []
    /// Path of the MCP endpoint; empty for the root.
    package var path = ""
    /// Whether `--guards all` is needed.
    package var triesAllGuards = false
    /// For one request of the checker, in seconds: what hangs shall not hold up the drill.
    package var timeout = 3
}
