import Alerts
import CurlHTTP
import Logging
import Scheduling
import StateStore
import Traces
import WatchCore

/// Makes what a target needs to be watched: at the start, and for targets that a reload brings.
struct TargetParts: Sendable {
    let driver: CurlDriver
    let store: StateStore
    let traces: TraceStore
    let clock: any WatchClock
    let board: Board
    let log: Logger
    /// Hears of each run that has ended; must not wait.
    var observe: @Sendable (Observation) -> Void = { _ in }

    let accounts = Accounts()

    /// One target, ready to be scheduled, run and shown.
    struct Made: Sendable {
        var plan: ScheduledTarget
        var runner: TargetRunner
        var shown: Board.Target
    }

    /// Makes the parts of a target, with what is remembered of it.
    ///
    /// - Throws: `StateStoreError` when its state cannot be read.
    func make(_ target: TargetSettings) async throws(StateStoreError) -> Made {
        let memory = try await store.memory(for: target.name)
        let state = await memory.state
        accounts.add(target, memory)
        let runs = TargetRun(target: target, driver: driver, clock: clock, memory: memory) { [accounts] username in
            await accounts.histories(of: username, besides: target, memory)
        }
        let runner = TargetRunner(
            target: target, runs: runs,
            clock: clock, memory: memory, traces: traces, board: board, log: log, observe: observe)
        return Made(
            plan: ScheduledTarget(target, state), runner: runner, shown: Board.Target(target, restoring: state))
    }
}

extension TargetParts {
    /// Looks which traces there are. When they cannot be kept, the daemon watches all the same and says so.
    func openTraces() async {
        do throws(TraceFailure) { try await traces.open() } catch { note(error) }
    }

    /// Removes what is kept of targets that have not been watched for a month.
    func forgetStates(besides names: Set<String>) async {
        do throws(StateStoreError) {
            let gone = try await store.forget(targetsOtherThan: names, restingFor: .seconds(30 * 86_400))
            guard !gone.isEmpty else { return }
            log.notice("the state of targets that are no longer watched is removed: \(gone.joined(separator: ", "))")
        } catch {
            log.warning("the state of targets that are no longer watched stays: \(error.message)")
        }
    }

    /// Keeps traces as another configuration says.
    func keepTraces(_ settings: TraceSettings) async {
        do throws(TraceFailure) { try await traces.configure(settings) } catch { note(error) }
    }

    private func note(_ failure: TraceFailure) {
        let problem = "traces are not written: \(failure.description); look at `traces: directory`"
        board.update { $0.problems[.traces] = problem }
        log.tell(.traceNotWritten, .error, problem)
    }
}
