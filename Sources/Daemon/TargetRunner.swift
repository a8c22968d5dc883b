import Alerts
import CurlHTTP
import Guards
import Health
import Logging
import Metrics
import Scheduling
import StateStore
import Traces
import WatchCore

/// What the schedule wants to know of a run that has ended.
struct RunEnd: Sendable {
    var ending: Ending
    /// How long the server asked to be left alone.
    var notBefore: Duration?
    var issuer: String?
}

/// Runs one target and tells everyone who wants to know: trace, health, metrics, state, log.
struct TargetRunner: Sendable {
    let target: TargetSettings
    let runs: TargetRun
    let clock: any WatchClock
    let memory: StoredMemory
    let traces: TraceStore
    let board: Board
    let log: Logger
    /// Hears of each run that has ended; must not wait.
    let observe: @Sendable (Observation) -> Void

    func run(_ kind: RunKind) async -> RunEnd {
        let result = await runs.run(kind, guards: await guards(for: kind))
        let record = result.record
        let stopped = record.findings.contains { $0.check == .monitorStopped }
        let path = await write(result.trace)
        // A run that was cut short from inside tells nothing about the target.
        if stopped { try? await memory.update { _ in } } else { await publish(record, path) }
        tell(record, path)
        return RunEnd(
            ending: Ending(record), notBefore: record.facts.retryAfter,
            issuer: await memory.state.issuer)
    }

    /// The deliberate wrong requests of a run.
    private func guards(for kind: RunKind) async -> GuardPlan? {
        let (state, now) = (await memory.state.guards, clock.wallTime)
        switch kind {
        case .login: return .duringLogin(target.guards, state, at: now)
        case .session: return nil
        case .guarding: return .due(target.guards, state, at: now)
        }
    }

    private func write(_ trace: TraceDocument) async -> String? {
        do throws(TraceFailure) {
            let path = try await traces.save(trace)
            board.update { $0.problems[.traces] = nil }
            return path
        } catch {
            board.update { $0.problems[.traces] = "traces are not written: \(error.description)" }
            log.tell(
                .traceNotWritten, .error, "trace not written: \(error.description)", ["target": target.name])
            return nil
        }
    }

    private func publish(_ record: RunRecord, _ trace: String?) async {
        let now = clock.wallTime
        let server = target.server
        let good = board.view.targets.first { $0.metrics.target == target.name }?.lastSuccess ?? [:]
        // A login uses the kept session, too.
        let lastGood = [good[record.kind], good[.login]].compactMap { $0 }.max()
        board.update(target.name) { target in
            // A run that began before a reload gave the name to another server tells nothing about that one.
            guard target.server == server else { return }
            target.health.observe(record, at: now)
            target.metrics.observe(record)
        }
        let shown = board.view.targets.first { $0.metrics.target == target.name }
        guard let shown, shown.server == server else { return }
        let health = shown.health
        do throws(MemoryFailure) {
            // Not worth a wait for the disk: what a loss of power would bring back is true, too, if a little old.
            try await memory.update(.written) { state in
                state.ended(record.kind, record.verdict, startedAt: record.startedAt)
                state.health = health.json
                state.guards.observe(record, at: now)
            }
            board.update { $0.problems[.state] = nil }
        } catch {
            board.update { $0.problems[.state] = "state is not written: \(error.message)" }
        }
        let state = await memory.state
        var run = Observation(
            record, standing: health.findings, interval: target.interval, now: clock.now, wallTime: now)
        // A whole flow has three times the time of a request, and the machine a little to breathe.
        run.isTrusted = record.duration <= target.timeout * 3 + .seconds(30)
        (run.issuer, run.lastGood, run.trace) = (state.chain?.issuer ?? state.client?.issuer, lastGood, trace)
        observe(run)
        let kept = traces.statistics
        board.update { view in
            view.daemon.traceWriteErrors = UInt64(kept.errors)
            view.daemon.isStateWritable = view.problems[.state] == nil
        }
        board.update(target.name) { target in
            target.metrics.observe(state)
            (target.lastRun, target.lastSuccess) = (state.lastRun, state.lastSuccess)
            target.metrics.status = TargetStatus(target.health)
            let usage = kept.targets[target.metrics.target] ?? TraceStatistics.Usage()
            target.metrics.traceFiles = usage.files
            target.metrics.traceBytes = Int64(usage.bytes)
        }
    }

    private func tell(_ record: RunRecord, _ path: String?) {
        let (kind, verdict) = (record.kind.rawValue, record.verdict.rawValue)
        var fields = ["target": target.name, "kind": kind, "verdict": verdict]
        fields["trace"] = path
        guard let blamed = record.blamed else {
            log.tell(.runGood, .info, "\(target.name): \(kind) \(verdict)", fields)
            return
        }
        fields["step"] = blamed.step.rawValue
        fields["check"] = blamed.check.rawValue
        let (event, level) = Self.weight(of: record.verdict)
        log.tell(
            event, level, "\(target.name): \(kind) \(verdict) at \(blamed.step.rawValue), \(blamed.message)", fields)
    }

    /// An open door is an error; users who cannot log in deserve a warning; that we do not know, a notice.
    private static func weight(of verdict: Verdict) -> (EventKind, Logger.Level) {
        switch verdict {
        case .healthy: (.runGood, .info)
        case .degraded: (.runGood, .notice)
        case .inconclusive: (.runInconclusive, .notice)
        case .failed: (.runFailed, .warning)
        case .insecure: (.runInsecure, .error)
        }
    }
}

extension TargetStatus {
    /// What the health of a target says.
    init(_ health: TargetHealth) {
        self.init(verdict: health.verdict, active: health.findings, blamed: health.blamed?.step)
    }
}
