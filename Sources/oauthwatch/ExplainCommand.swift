import ArgumentParser
import Daemon

/// `oauthwatch explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "What a check asserts, what usually breaks it, and the remedy.")

    @Argument(help: "Id of a check, such as token.status.")
    var check: String?
    @Flag(help: "Explain every check.")
    var all = false
    @Option(help: "text or markdown.")
    var format: Format = .text

    func validate() throws {
        guard all == (check == nil) else { throw ValidationError("Name one check, or give --all.") }
    }

    func run() throws {
        throw ExitCode(Explanation(check: check, isMarkdown: format == .markdown).run())
    }

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown
    }
}
