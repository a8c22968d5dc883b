import ArgumentParser
import Lab

/// Lab and daemon together.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a lab and the daemon, print one flow as it goes, then the address of the page.",
        discussion: "Ctrl-C ends both. Everything is on loopback and in a temporary directory, which is removed.")

    @Flag(help: "End after the first healthy answer of /health; exit 1 when none comes within a minute.")
    var once = false

    func run() throws {
        let signals = EndSignals()
        do throws(LabError) {
            try Demo(once: once, signals: signals).run()
        } catch {
            StandardStream.error.print("oauthwatch demo: \(error)")
            throw ExitCode.failure
        }
    }
}
