import ArgumentParser
import Daemon

/// `oauthwatch run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Watch the configured targets until told to stop.")

    @Option(help: "The configuration file.")
    var config: String
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String = "info"
    @Option(help: "text or json (default: fields in the journal where systemd keeps one, else text).")
    var logFormat: LogFormat?

    func run() async throws {
        let format = logFormat?.rawValue
        let daemon = Handover(
            executable: "oauthwatchd", arguments: [config, logLevel] + (format.map { [$0] } ?? []),
            environment: Self.allocation)
        guard daemon.isPossible else {
            throw ExitCode(
                await DaemonProgram(configurationFile: config, logLevel: logLevel, logFormat: format).run())
        }
        throw ExitCode(daemon.run())
    }

    /// How the daemon's memory is managed, for the C library reads it before the program begins.
    ///
    /// One heap for all threads, which hardly ever allocate at the same time: with one each, what a flow leaves free in one
    /// of them is of no use to the others, and the daemon grows by megabytes. And what a flow has used at the heap's end is
    /// kept for the next one, up to 512 KiB: given back and asked for again, it is cleared and mapped page by page.
    ///
    /// Source: mallopt(3), M_ARENA_MAX and M_TRIM_THRESHOLD.
    private static let allocation = ["MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "524288"]

    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }
}

/// `oauthwatch check-config`.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Check a configuration file: file, line, key, what is wrong.")

    @Argument(help: "The configuration file.")
    var file: String

    func run() throws {
        throw ExitCode(ConfigurationCheck(file: file).run())
    }
}

/// `oauthwatch init`.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Discover a server and print a configuration for it, the origins pinned.")

    @Argument(help: "The MCP endpoint.")
    var url: String
    @Option(help: "CA certificates in PEM form, instead of the system's.")
    var caFile: String?
    @Option(help: "The test user to write into it.")
    var username: String?

    func run() async throws {
        throw ExitCode(await ConfigurationDraft(url: url, caFile: caFile, username: username).run())
    }
}
