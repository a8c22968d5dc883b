import ArgumentParser
import Daemon

/// `oauthwatch traces`.
struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces", abstract: "List, show, compare and clear away traces.",
        subcommands: [List.self, Show.self, Diff.self, Prune.self])

    /// Which traces are meant.
    struct Place: ParsableArguments {
        @Option(help: "The daemon's configuration file, which names the directory of the traces.")
        var config: String?
        @Option(help: "The directory of the traces itself, or one of single traces.")
        var directory: String?
        @Option(help: "Only the traces of this target.")
        var target: String?

        var browser: TraceBrowser {
            TraceBrowser(configuration: config, directory: directory, target: target)
        }
    }

    /// `oauthwatch traces list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest traces, a line each.")

        @OptionGroup var place: Place
        @Flag(help: "Only those that failed.")
        var failing = false
        @Option(help: "So many at most.")
        var limit = 30
        @Flag(help: "All of them.")
        var all = false
        @Option(help: "text or json.")
        var format: TraceCommand.OutputFormat = .text

        func run() throws {
            let count = all ? nil : max(0, limit)
            throw ExitCode(place.browser.list(onlyFailing: failing, limit: count, isJSON: format == .json))
        }
    }

    /// `oauthwatch traces show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One trace, to read.")

        @OptionGroup var place: Place
        @Argument(help: "A trace: a file, or its name in the directory; the newest by default.")
        var trace: String?

        func run() throws { throw ExitCode(place.browser.show(trace)) }
    }

    /// `oauthwatch traces diff`.
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What differs between two traces, request by request.",
            discussion: """
                Without names: the first failing trace of the newest failure, and the last good one before it. With one: \
                that trace and the last good one before it. What always differs is left out: codes, tokens, ids, times.
                """)

        @OptionGroup var place: Place
        @Argument(help: "A trace: a file, or its name in the directory.")
        var first: String?
        @Argument(help: "Another one.")
        var second: String?

        func run() throws { throw ExitCode(place.browser.diff(first, second)) }
    }

    /// `oauthwatch traces prune`.
    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove and compress old traces now, as the configuration says.")

        @OptionGroup var place: Place
        @Flag(help: "Only say what would be done.")
        var dryRun = false

        func run() async throws { throw ExitCode(await place.browser.prune(isTrial: dryRun)) }
    }
}
