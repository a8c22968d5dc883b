import CommandIO
import Config
import CurlHTTP
import Glibc
import Health
import LocalServer
import Logging
import Metrics
import Scheduling
import StateStore
import Systemd
import Traces
import WatchCore

/// `oauthwatch run`: the daemon, from its configuration to its end.
package struct DaemonProgram: Sendable {
    private let configurationFile: String
    private let logLevel: String
    private let logFormat: String?

    /// The daemon with a configuration file.
    ///
    /// - Parameters:
    ///   - configurationFile: its path.
    ///   - logLevel: the least level to log, by its name.
    ///   - logFormat: `text` or `json`; nil: the journal where standard error goes there, else text.
    package init(configurationFile: String, logLevel: String, logFormat: String? = nil) {
        self.configurationFile = configurationFile
        self.logLevel = logLevel
        self.logFormat = logFormat
    }

    /// Runs until SIGTERM or SIGINT.
    ///
    /// - Returns: the exit status: 0 after a signal; see `sysexits.h` for the others.
    package func run() async -> Int32 {
        guard let level = Logger.Level(rawValue: logLevel) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            Console.error("--log-level takes one of: \(known)")
            return EX_USAGE
        }
        guard let form = LogForm(named: logFormat) else {
            Console.error("--log-format takes text or json")
            return EX_USAGE
        }
        let log = DaemonLog.logger(level: level, form: form)
        let manager = ServiceManager(log: log)
        do throws(UsageError) {
            let sockets = try takeSockets()
            // Early: a wish to reload that nobody handles yet would end the process.
            ProcessSignals.install(takesReload: true)
            try OneProcess.harden()
            warnOfFewDescriptors(log)
            let configuration = try load(log)
            let daemon = try await manager.extending(SystemClock()) { () throws(UsageError) in
                try await assemble(configuration, sockets, manager, log)
            }
            await daemon.run()
            return EX_OK
        } catch {
            for line in error.message.split(separator: "\n") { log.tell(.startFailed, .critical, String(line)) }
            let code = error.systemCode.map { [NotifyMessage.failure(errno: $0)] } ?? []
            manager.tell(code + [.status("does not start: \(error.message)"), .exitStatus(error.status)])
            return error.status
        }
    }

    private func warnOfFewDescriptors(_ log: Logger) {
        guard let limit = DescriptorLimit.raise(), limit < DescriptorLimit.enough else { return }
        log.warning(
            "this process may open \(limit) files and connections only; many clients or runs at once may need more",
            metadata: ["remedy": "raise `ulimit -n`, or LimitNOFILE= of the service, to \(DescriptorLimit.enough)"])
    }

    private func takeSockets() throws(UsageError) -> [Int32] {
        do throws(SystemdError) { return try ServiceEnvironment.takeListeningSockets() } catch {
            throw UsageError(
                message: "the service manager's sockets cannot be used: \(error)", status: EX_OSERR,
                systemCode: error.code)
        }
    }

    private func load(_ log: Logger) throws(UsageError) -> Configuration {
        do throws(ConfigurationError) {
            let (configuration, warnings) = try ConfigurationFile.load(configurationFile)
            for warning in warnings { log.tell(.configurationWarning, .warning, warning.description) }
            return configuration
        } catch {
            for warning in error.problems where warning.isWarning {
                log.tell(.configurationWarning, .warning, warning.description)
            }
            let faults = error.problems.filter { !$0.isWarning }.map(\.description).joined(separator: "\n")
            throw UsageError(message: faults, status: EX_CONFIG, systemCode: EINVAL)
        }
    }

    private func assemble(
        _ configuration: Configuration, _ sockets: [Int32], _ manager: ServiceManager, _ log: Logger
    ) async throws(UsageError) -> WatchDaemon {
        let store: StateStore
        do throws(StateStoreError) {
            store = try StateStore(directory: configuration.stateDirectory) {
                log.tell(.stateSetAside, .error, $0.description)
            }
        } catch {
            var hint = ""
            if case .system = error.code { hint = "; the user who runs the daemon must be able to make and write it" }
            throw UsageError(
                message: "\(configurationFile): stateDirectory: \(error.message)\(hint)", status: EX_CANTCREAT,
                systemCode: error.systemCode)
        }
        do {
            let thread = try TaskThread()
            return try await WatchDaemon(
                configurationFile: configurationFile, configuration: configuration, sockets: sockets, store: store,
                manager: manager, thread: thread, clock: thread.clock, log: log)
        } catch {
            throw UsageError(
                message: "\(error)", status: EX_UNAVAILABLE, systemCode: (error as? LocalServerError)?.systemCode)
        }
    }
}
