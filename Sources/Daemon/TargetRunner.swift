import CurlHTTP
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

    func run(_ kind: RunKind) async -> RunEnd {
        let result = await runs.run(kind)
        let record = result.record
        let stopped = record.findings.contains { $0.check == .monitorStopped }
        let path = await write(result.trace)
        // A run that was cut short from inside tells nothing about the target.
        if !stopped { await publish(record) }
        tell(record, path)
        return RunEnd(
            ending: Ending(record), notBefore: record.facts.retryAfter,
            issuer: await memory.state.client?.issuer)
    }

    private func write(_ trace: TraceDocument) async -> String? {
        do throws(TraceFailure) {
            let path = try await traces.save(trace)
            board.update { $0.problems[.traces] = nil }
            return path
        } catch {
            board.update { $0.problems[.traces] = "traces are not written: \(error.description)" }
            log.error("trace not written", metadata: ["target": "\(target.name)", "reason": "\(error.description)"])
            return nil
        }
    }

    private func publish(_ record: RunRecord) async {
        let now = clock.wallTime
        let server = target.server
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
            try await memory.update { state in
                state.ended(record.kind, record.verdict, startedAt: record.startedAt)
                state.health = health.json
            }
            board.update { $0.problems[.state] = nil }
        } catch {
            board.update { $0.problems[.state] = "state is not written: \(error.message)" }
        }
        let state = await memory.state
        let kept = traces.statistics
        board.update { view in
            view.daemon.traceWriteErrors = UInt64(kept.errors)
            view.daemon.isStateWritable = view.problems[.state] == nil
        }
        board.update(target.name) { target in
            target.metrics.observe(state)
            target.metrics.status = TargetStatus(target.health)
            let usage = kept.targets[target.metrics.target] ?? TraceStatistics.Usage()
            target.metrics.traceFiles = usage.files
            target.metrics.traceBytes = Int64(usage.bytes)
        }
    }

    private func tell(_ record: RunRecord, _ path: String?) {
        var metadata: Logger.Metadata = [
            "target": "\(target.name)", "kind": "\(record.kind.rawValue)", "verdict": "\(record.verdict.rawValue)",
        ]
        if let path { metadata["trace"] = "\(path)" }
        guard let blamed = record.blamed else {
            log.info("run ended", metadata: metadata)
            return
        }
        metadata["step"] = "\(blamed.step.rawValue)"
        metadata["check"] = "\(blamed.check.rawValue)"
        log.log(level: record.verdict.isGood ? .info : .warning, "\(blamed.message)", metadata: metadata)
    }
}

extension TargetStatus {
    /// What the health of a target says.
    init(_ health: TargetHealth) {
        self.init(verdict: health.verdict, active: health.findings, blamed: health.blamed?.step)
    }
}
