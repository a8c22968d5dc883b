import ArgumentParser
import Daemon

/// Which daemon is meant.
struct DaemonChoice: ParsableArguments {
    @Option(help: "The daemon's configuration file.")
    var config: String?
    @Option(help: "The daemon's control socket (default /run/oauthwatch/control.sock).")
    var socket: String?

    /// The way to that daemon.
    var call: ControlCall { ControlCall(socket: socket, configuration: config) }
}

/// `oauthwatch status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How the running daemon sees its targets.",
        discussion: """
            Exit status, by the worst target: 0 healthy or degraded, 1 failed, 2 insecure, 4 inconclusive; \
            69 when no daemon answers.
            """)

    @OptionGroup var daemon: DaemonChoice
    @Option(help: "text or json.")
    var format: TraceCommand.OutputFormat = .text

    func run() throws { throw ExitCode(daemon.call.status(isJSON: format == .json)) }
}

/// A target, or all of them.
struct TargetChoice: ParsableArguments {
    @Argument(help: "The target's name.")
    var target: String?
    @Flag(help: "Every target.")
    var all = false

    func validate() throws {
        guard all == (target == nil) else { throw ValidationError("Name one target, or give --all.") }
    }
}

/// How long, and why.
struct HoldOptions: ParsableArguments {
    @Option(name: .customLong("for"), help: "How long: 30m, 2h, 1d.")
    var duration: String?
    @Option(help: "Why; shown on the health page.")
    var reason = ""
    @Flag(help: "End it now.")
    var end = false

    func validate() throws {
        guard end == (duration == nil) else { throw ValidationError("Say how long with --for, or give --end.") }
    }
}

/// `oauthwatch silence`.
struct SilenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence", abstract: "Send no alert of a target for a time; it is watched all the same.")

    @OptionGroup var choice: TargetChoice
    @OptionGroup var hold: HoldOptions
    @OptionGroup var daemon: DaemonChoice

    func run() throws {
        throw ExitCode(
            daemon.call.hold("silence", target: choice.target, duration: hold.duration, reason: hold.reason))
    }
}

/// `oauthwatch pause`.
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Send a target no traffic for a time, and no alert of it.")

    @OptionGroup var choice: TargetChoice
    @OptionGroup var hold: HoldOptions
    @OptionGroup var daemon: DaemonChoice

    func run() throws {
        throw ExitCode(daemon.call.hold("pause", target: choice.target, duration: hold.duration, reason: hold.reason))
    }
}

/// `oauthwatch check-now`.
struct CheckNowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-now", abstract: "Run a target's login now, within its budgets.")

    @OptionGroup var choice: TargetChoice
    @OptionGroup var daemon: DaemonChoice

    func run() throws { throw ExitCode(daemon.call.tell("check-now", target: choice.target)) }
}

/// `oauthwatch alert-test`.
struct AlertTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert-test", abstract: "Send a marked test through every sink of the running daemon.",
        discussion: "Exit status: 0 when every sink took it, 1 when one did not, 69 when no daemon answers.")

    @OptionGroup var daemon: DaemonChoice

    func run() throws { throw ExitCode(daemon.call.tell("alert-test", target: nil)) }
}

/// `oauthwatch accept`.
struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Take what a target's server presents now as its baseline.")

    @OptionGroup var choice: TargetChoice
    @OptionGroup var daemon: DaemonChoice
    @Option(help: "The state directory of `oauthwatch trace`; the target is its server's URL then.")
    var stateDir: String?

    func run() async throws {
        let call = AcceptCall(
            target: choice.target, stateDirectory: stateDir, socket: daemon.socket, configuration: daemon.config)
        throw ExitCode(await call.run())
    }
}
