import ArgumentParser
import Lab

/// Every fault of the lab before the checker.
struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Play every fault and variety of the lab through the checker and compare what it says.",
        discussion: """
            Each line: the fault, what must be said of it (docs/faults.md), and what the checker said. Exit 0 only when \
            all agree. Everything is on loopback and in temporary directories, which are removed.
            """)

    @Option(name: .customLong("fault"), help: ArgumentHelp("Play only this one; may be repeated.", valueName: "id"))
    var faults: [String] = []

    func validate() throws {
        for id in faults where Fault.named(id) == nil { throw ValidationError("\(LabError.unknownFault(id))") }
    }

    func run() throws {
        let signals = EndSignals()
        let chosen = faults.isEmpty ? Fault.all : faults.compactMap { Fault.named($0) }
        let agrees: Bool
        do throws(LabError) {
            agrees = try Drill(chosen, signals: signals).run()
        } catch {
            StandardStream.error.print("oauthwatch drill: \(error)")
            throw ExitCode.failure
        }
        guard agrees else { throw ExitCode.failure }
    }
}
