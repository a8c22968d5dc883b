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

    /// The daemon with a configuration file.
    ///
    /// - Parameters:
    ///   - configurationFile: its path.
    ///   - logLevel: the least level to log, by its name.
    package init(configurationFile: String, logLevel: String) {
        self.configurationFile = configurationFile
        self.logLevel = logLevel
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
        let log = PlainLog.logger(level: level)
        let manager = ServiceManager(log: log)
        // First of all: a wish to reload that nobody handles yet would end the process.
        ProcessSignals.install(takesReload: true)
        do throws(UsageError) {
            try OneProcess.harden()
            let configuration = try load()
            let daemon = try await assemble(configuration, manager, log)
            await daemon.run()
            return EX_OK
        } catch {
            Console.error(error.message)
            manager.tell([.status(error.message), .exitStatus(error.status)])
            return error.status
        }
    }

    private func load() throws(UsageError) -> Configuration {
        do throws(ConfigurationError) {
            let (configuration, warnings) = try ConfigurationFile.load(configurationFile)
            warnings.forEach { Console.error($0.description) }
            return configuration
        } catch {
            throw UsageError(message: error.description, status: EX_CONFIG)
        }
    }

    private func assemble(
        _ configuration: Configuration, _ manager: ServiceManager, _ log: Logger
    ) async throws(UsageError) -> WatchDaemon {
        let clock = SystemClock()
        let store: StateStore
        do throws(StateStoreError) {
            store = try StateStore(directory: configuration.stateDirectory) { log.warning("\($0.description)") }
        } catch {
            throw UsageError(message: error.message, status: EX_CANTCREAT)
        }
        do {
            return try await WatchDaemon(
                configurationFile: configurationFile, configuration: configuration, store: store, manager: manager,
                clock: clock, log: log)
        } catch {
            throw UsageError(message: "\(error)", status: EX_UNAVAILABLE)
        }
    }
}
