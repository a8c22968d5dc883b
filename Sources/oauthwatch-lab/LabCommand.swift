import ArgumentParser
import Glibc
import Lab
import WatchCore

/// Serves the lab until SIGINT or SIGTERM.
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Serve a small correct OAuth 2.1 and MCP server on loopback, with faults to order.",
        discussion: """
            Without options it is at http://127.0.0.1:8000 and knows the user testuser with the password testpass, \
            so that `oauthwatch trace` without options is green against it.

            While it runs: GET /-/stats, GET and DELETE /-/requests, GET /-/faults, POST and DELETE /-/fault/ID, \
            POST /-/restart, POST /-/skip/SECONDS.
            """)

    @Option(help: "Loopback address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes any free one.")
    var port: UInt16 = 8000

    @Option(help: "Name of the user who can sign in.")
    var username = "testuser"

    @Option(help: "Password of that user; others on this machine can see it, so take one made up for the lab.")
    var password = "testpass"

    @Option(name: .customLong("fault"), help: ArgumentHelp("A fault or variety; may be repeated.", valueName: "id"))
    var faults: [String] = []

    @Flag(help: "Print every fault and variety, one a line, and exit.")
    var listFaults = false

    @Option(help: ArgumentHelp("Lifetime of access tokens.", valueName: "seconds"))
    var expiresIn = 3_600

    @Flag(help: "Do not print a line for each request.")
    var quiet = false

    @Option(help: ArgumentHelp("Public URL of the server, when it stands behind a proxy.", valueName: "url"))
    var origin: String?

    @Option(
        help: ArgumentHelp("Public URL of the lab's second origin, when that stands behind a proxy.", valueName: "url"))
    var otherOrigin: String?

    @Option(
        help: ArgumentHelp("Serve the answers recorded in a trace file, in place of the lab's.", valueName: "trace"))
    var replay: String?

    @Option(help: ArgumentHelp("Append each request, secrets included, to a file as JSON lines.", valueName: "file"))
    var record: String?

    func validate() throws {
        guard expiresIn > 0 else { throw ValidationError("--expires-in must be at least 1 second") }
        for (option, text) in [("--origin", origin), ("--other-origin", otherOrigin)] {
            guard let text, WebURL(text) == nil else { continue }
            throw ValidationError("\(option): “\(text)” is no URL; write it as https://lab.example")
        }
        for id in faults where Fault.named(id) == nil { throw ValidationError("\(LabError.unknownFault(id))") }
    }

    func run() throws {
        if listFaults { return StandardStream.output.print(Fault.list) }
        let signals = EndSignals()
        do throws(LabError) {
            try serve(until: signals)
        } catch {
            StandardStream.error.print("oauthwatch lab: \(error)")
            throw ExitCode.failure
        }
    }

    private func serve(until signals: EndSignals) throws(LabError) {
        let server = try LabServer(try labConfiguration())
        let port = try server.start()
        let name = host.contains(":") ? "[\(host)]" : host
        StandardStream.output.print("The lab listens on http://\(name):\(port)")
        if otherOrigin != nil, let elsewhere = server.ports?.elsewhere {
            StandardStream.output.print("Its second origin listens on http://\(name):\(elsewhere)")
        }
        while let signal = signals.wait(), signal == SIGCHLD {}
        server.stop()
    }

    private func labConfiguration() throws(LabError) -> LabConfiguration {
        var configuration = LabConfiguration()
        (configuration.host, configuration.port) = (faults.contains("ipv6") ? "::1" : host, port)
        (configuration.username, configuration.password) = (username, Secret(password))
        (configuration.faults, configuration.expiresIn) = (faults, expiresIn)
        configuration.origin = origin.flatMap { WebURL($0) }
        configuration.otherOrigin = otherOrigin.flatMap { WebURL($0) }
        // The whole requests are in the file or nowhere: the memory of a lab that runs for weeks stays small.
        configuration.recordLimit = 1_000
        if let replay { configuration.replay = try Replay(path: replay) }
        let recording: WireRecording? = if let record { try WireRecording(path: record) } else { nil }
        let isQuiet = quiet
        configuration.onRequest = { request in
            recording?.append(request)
            guard !isQuiet else { return }
            let place = request.listener == .elsewhere ? " (at the other origin)" : ""
            StandardStream.output.print("\(request.method) \(request.path) \(request.status)\(place)")
        }
        return configuration
    }
}
