import CommandIO
import Crypto
import CurlHTTP
import Glibc
import Guards
import Report
import StateStore
import Traces
import WatchCore

/// `oauthwatch trace`: one flow, now.
package struct OneShotTrace: Sendable {
    private let options: TraceOptions

    /// One flow as the options say.
    package init(_ options: TraceOptions) { self.options = options }

    /// Runs it, tells it, and writes the trace.
    ///
    /// - Returns: the exit status; see `ExitCode`.
    package func run() async -> Int32 {
        do throws(UsageError) {
            try OneProcess.harden()
            if options.password != nil {
                Console.error("--password can be seen by other users of this machine; use --password-file")
            }
            if !options.redacts {
                Console.error("--no-redact: the trace will hold tokens and codes; keep it to yourself")
            }
            let target = try options.settings()
            if let file = options.saveTrace { try Self.mustTake(file) }
            return try await trace(target)
        } catch {
            Console.error(error.message)
            return error.status
        }
    }

    private func trace(_ target: TargetSettings) async throws(UsageError) -> Int32 {
        let memory = try await memory(for: target)
        let driver: CurlDriver
        do throws(TransportFailure) { driver = try CurlDriver() } catch {
            throw UsageError(message: error.message, status: EX_OSERR)
        }
        ProcessSignals.install()
        let key = SecureRandom.bytes(32)
        let mode: Redactor.Mode = options.redacts ? .full : .passwordsOnly
        let report = options.isJSON ? nil : textReport(key)
        let run = TargetRun(
            target: target, driver: driver, clock: SystemClock(), memory: memory, observer: report, redaction: mode)
        await report?.begin()
        let plan = GuardPlan(options.guards, target.guards, await memory.state.guards)
        let flow = Task { await run.run(.login, guards: plan, key: key) }
        let stopper = Task {
            await ProcessSignals.waitForStop()
            flow.cancel()
        }
        let result = await flow.value
        stopper.cancel()
        driver.stop()
        do throws(MemoryFailure) { try await memory.update { _ in } } catch {
            Console.error("--state-dir: \(error.message)")
        }
        let path = await write(result.trace)
        if options.isJSON {
            Console.out(JSONReport.text(result.record, redactor: result.redactor))
        } else {
            await report?.end(result.record, tracePath: path)
        }
        return ExitCode(result.record.verdict, isStrict: options.strict).rawValue
    }

    private func textReport(_ key: [UInt8]) -> TextReport {
        let terminal = Terminal(isColoured: Console.isTerminal, isUTF8: Console.takesUTF8)
        return TextReport(terminal: terminal, isQuiet: options.quiet, key: key) { Console.out($0) }
    }

    private func memory(for target: TargetSettings) async throws(UsageError) -> any TargetMemory {
        guard let directory = options.stateDirectory else { return TransientMemory() }
        do {
            let store = try StateStore(directory: directory) { Console.error($0.description) }
            return try await store.memory(for: target.name)
        } catch {
            throw UsageError(message: "--state-dir: \(error)", status: EX_CONFIG)
        }
    }

    /// Better said before the flow than after it: a trace that cannot be kept is lost.
    private static func mustTake(_ file: String) throws(UsageError) {
        let folder = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
        guard access(folder, W_OK | X_OK) != 0, access(file, W_OK) != 0 else { return }
        let code = errno
        throw UsageError(
            message: "--save-trace: cannot write \(file): \(String(cString: strerror(code)))", status: EX_CANTCREAT,
            systemCode: code)
    }

    /// - Returns: where the trace is; nil when it could not be written, which is said.
    private func write(_ trace: TraceDocument) async -> String? {
        do throws(TraceFailure) {
            guard let path = options.saveTrace else { return try await TraceStore.write(trace, in: ".") }
            try await TraceStore.write(trace, to: path)
            return path
        } catch {
            Console.error("\(error.description); --save-trace FILE writes it elsewhere")
            return nil
        }
    }
}
