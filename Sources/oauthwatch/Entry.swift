import ArgumentParser
import CommandIO
import Daemon
import Glibc

/// Parses, hands over, and maps errors to exit codes; nothing else.
@main
enum Entry {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        CommandLineSecrets.overwrite()
        do {
            var command = try OAuthWatch.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            OAuthWatch.exit(withError: error)
        }
    }
}

/// The command and its subcommands.
struct OAuthWatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oauthwatch",
        abstract: "Watches whether users of an MCP server can log in, stay logged in, and nobody else can get in.",
        version: Program.version,
        subcommands: [
            TraceCommand.self, RunCommand.self, InitCommand.self, CheckConfigCommand.self, ExplainCommand.self,
            TracesCommand.self, AcceptCommand.self,
            StatusCommand.self, SilenceCommand.self, PauseCommand.self, CheckNowCommand.self, AlertTestCommand.self,
            ClientDocumentCommand.self,
            LabCommand.self, DemoCommand.self, DrillCommand.self, SetupUserCommand.self,
        ])
}
