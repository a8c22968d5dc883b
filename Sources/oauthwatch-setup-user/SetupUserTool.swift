import ArgumentParser
import CommandIO

/// `oauthwatch setup-user` hands over to this program; the daemon loads no database library.
@main
enum SetupUserTool {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        CommandLineSecrets.overwrite()
        do {
            var command = try SetupUserRoot.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            SetupUserRoot.exit(withError: error)
        }
    }
}

/// So that the help shows the command as it is typed.
struct SetupUserRoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oauthwatch", abstract: "Make a user for the flow.", subcommands: [SetupUserCommand.self],
        defaultSubcommand: SetupUserCommand.self)
}
