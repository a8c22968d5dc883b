import ArgumentParser
import Daemon

/// Subcommands that live in an executable of their own beside this one, so that the daemon does not carry them.
protocol HandedOver: ParsableCommand {
    /// The executable's name.
    static var executable: String { get }
    /// All that follows the subcommand.
    var arguments: [String] { get }
}

extension HandedOver {
    func run() throws {
        let name = Self.configuration.commandName ?? ""
        throw ExitCode(Handover(executable: Self.executable, arguments: [name] + arguments).run())
    }
}

/// `oauthwatch lab`.
struct LabCommand: HandedOver {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "Serve a small OAuth 2.1 and MCP server on loopback, to watch and to break.",
        helpNames: [])
    static let executable = "oauthwatch-lab"

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []
}

/// `oauthwatch demo`.
struct DemoCommand: HandedOver {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Lab and daemon together: one flow as it goes, then the page, until Ctrl-C.",
        helpNames: [])
    static let executable = "oauthwatch-lab"

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []
}

/// `oauthwatch drill`.
struct DrillCommand: HandedOver {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Play every fault of the lab through the checker and compare what it says.",
        helpNames: [])
    static let executable = "oauthwatch-lab"

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []
}

/// `oauthwatch setup-user`.
struct SetupUserCommand: HandedOver {
    static let configuration = CommandConfiguration(
        commandName: "setup-user", abstract: "Make a test user: through the server's form, else in its database.",
        helpNames: [])
    static let executable = "oauthwatch-setup-user"

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []
}
