import ArgumentParser

/// `oauthwatch lab` and `oauthwatch demo` hand over to this program.
@main
struct LabTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oauthwatch",
        abstract: "A server to watch, and a demonstration of watching it.",
        subcommands: [LabCommand.self, DemoCommand.self, DrillCommand.self])
}
