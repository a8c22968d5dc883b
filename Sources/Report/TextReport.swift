package import Traces
package import WatchCore

/// Tells a person what `oauthwatch trace` does, as it happens, in the look of the seed's tracer.
package actor TextReport: RunObserver {
    private let terminal: Terminal
    private let isQuiet: Bool
    private let key: [UInt8]
    private let mode: Redactor.Mode
    private let write: @Sendable (String) -> Void
    private var headings: [Step: String] = [:]
    private var lastExchange: [Step: Exchange] = [:]
    /// A step may be entered again; what was said of it is not said twice.
    private var told: Set<Finding> = []

    /// A report that has not begun.
    ///
    /// - Parameters:
    ///   - terminal: what it can show.
    ///   - isQuiet: whether only the summary is printed.
    ///   - key: the run's key for fingerprints, the same as for its trace.
    ///   - mode: what is taken out.
    ///   - write: is given each piece of text, its line end included.
    package init(
        terminal: Terminal, isQuiet: Bool, key: [UInt8], mode: Redactor.Mode = .full,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.terminal = terminal
        self.isQuiet = isQuiet
        self.key = key
        self.mode = mode
        self.write = write
    }

    /// The run begins.
    package func begin() {
        guard !isQuiet else { return }
        print([.marked(.start, "Starting OAuth 2.1 PKCE sequence trace..."), .rule])
    }

    package func stepBegins(_ step: Step, detail: String) {
        guard !isQuiet else { return }
        let heading = step.heading(detail)
        // A step that is gone back to is named again only when it does something else.
        guard headings.updateValue(heading, forKey: step) != heading else { return }
        print([.marked(.step, heading)])
    }

    package func exchanged(_ exchange: Exchange, secrets: SecretLedger) {
        guard !isQuiet else { return }
        lastExchange[exchange.request.step] = exchange
        print(exchange.lines(redactor(secrets)))
    }

    package func stepEnds(_ result: StepResult, findings: [Finding], secrets: SecretLedger) {
        let fresh = findings.filter { !told.contains($0) }
        guard !isQuiet, !fresh.isEmpty || findings.isEmpty else { return }
        told.formUnion(fresh)
        let redactor = redactor(secrets)
        let outcome = StepOutcome(
            result: result, findings: fresh.map(redactor.finding), exchange: lastExchange[result.step],
            redactor: redactor)
        print(outcome.lines)
    }

    /// The run has ended: prints the summary and, when something is wrong, what, why and the remedy.
    ///
    /// - Parameters:
    ///   - run: what was done and found.
    ///   - tracePath: the file that holds the whole trace; nil when none was written.
    package func end(_ run: RunRecord, tracePath: String?) {
        let redactor = redactor(run.secrets)
        var shown = run
        shown.serverURL = redactor.text(run.serverURL)
        print(
            RunSummary(
                run: shown, findings: run.findings.map(redactor.finding),
                clientID: run.summary.clientID.map(redactor.text), tracePath: tracePath,
                proof: proof(of: run, redactor)
            ).lines)
    }

    /// The request after which the decisive finding was made, where it was one of its step; else the step's last one.
    private func proof(of run: RunRecord, _ redactor: Redactor) -> String? {
        guard let blamed = run.blamed else { return nil }
        let newest = run.proofs[blamed.check].flatMap { run.exchanges.indices.contains($0) ? run.exchanges[$0] : nil }
        let own = run.exchanges.last { $0.request.step == blamed.step }
        guard let request = (newest?.request.step == blamed.step ? newest : own)?.request else { return nil }
        return "\(request.method) \(redactor.text("\(request.url.origin)\(request.url.path)"))"
    }

    private func redactor(_ secrets: SecretLedger) -> Redactor { Redactor(secrets: secrets, key: key, mode: mode) }

    private func print(_ lines: [ReportLine]) {
        guard !lines.isEmpty else { return }
        write(lines.map { $0.text(on: terminal) + "\n" }.joined())
    }
}
