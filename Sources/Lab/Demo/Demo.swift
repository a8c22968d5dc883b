import Glibc
package import WatchCore

/// A lab and a daemon that watches it, until a signal comes.
package struct Demo {
    /// How long the first healthy answer may take.
    private static let patience: Duration = .seconds(60)
    private static let usualPort: UInt16 = 9732

    private let once: Bool
    private let signals: EndSignals
    private let clock: any WatchClock

    /// - Parameters:
    ///   - once: whether to end after the first healthy answer.
    ///   - signals: blocked already.
    ///   - clock: measures how long is waited.
    package init(once: Bool, signals: EndSignals, clock: any WatchClock = SystemClock()) {
        self.once = once
        self.signals = signals
        self.clock = clock
    }

    /// Runs it; the lab, the daemon and the temporary directory are gone afterwards.
    ///
    /// - Throws: `demo` when the flow or the daemon is not well; `system`.
    package func run() throws(LabError) {
        let directory = try TemporaryDirectory(prefix: "oauthwatch-demo")
        let oauthwatch = try Self.sibling("oauthwatch")
        var configuration = LabConfiguration()
        configuration.port = 0
        let lab = try LabServer(configuration)
        let labURL = "http://127.0.0.1:\(try lab.start())"
        defer { lab.stop() }
        say("A lab, our own OAuth 2.1 and MCP server, listens on \(labURL).\n")
        let password = try directory.write("\(configuration.password.reveal())\n", to: "password")
        guard try trace(oauthwatch, labURL, configuration.username, password, directory.path) else { return }
        let port = try Self.freePort(Self.usualPort)
        let file = try directory.write(
            Self.daemonConfiguration(directory.path, port: port, labURL, configuration.username, password),
            to: "oauthwatch.yaml")
        try watch(oauthwatch, file, port)
    }

    private func say(_ line: String) { StandardStream.output.print(line) }

    /// Prints one flow.
    ///
    /// - Returns: false when a signal asked to end.
    private func trace(
        _ oauthwatch: String, _ labURL: String, _ username: String, _ passwordFile: String, _ directory: String
    ) throws(LabError) -> Bool {
        let input = open(passwordFile, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .last("open \(passwordFile)") }
        defer { close(input) }
        let child = try ChildProcess(
            oauthwatch,
            [
                "trace", "--server-url", labURL, "--username", username, "--password-file", "-",
                "--save-trace", "\(directory)/oauth_trace.json",
            ], input: input)
        var wasAsked = false
        while true {
            if let status = child.exitStatus(waits: wasAsked) {
                guard status == 0 || wasAsked else { throw .demo("the flow was not healthy (exit \(status))") }
                return !wasAsked
            }
            if signals.wait() != SIGCHLD {
                wasAsked = true
                child.terminate()
            }
        }
    }

    /// Runs the daemon until it is healthy (`once`) or a signal comes.
    private func watch(_ oauthwatch: String, _ configurationFile: String, _ port: UInt16) throws(LabError) {
        let daemon = try ChildProcess(oauthwatch, ["run", "--config", configurationFile])
        var hasEnded = false
        defer {
            if !hasEnded {
                daemon.terminate()
                _ = daemon.exitStatus(waits: true)
            }
        }
        let deadline = clock.now + Self.patience
        var health: (status: Int, body: String)?
        var isAnnounced = false
        while true {
            if let status = daemon.exitStatus(waits: false) {
                hasEnded = true
                throw .demo("the daemon ended (exit \(status))")
            }
            if health?.status != 200 {
                health = LoopbackProbe(port: port).get("/health")
                if health != nil, !isAnnounced { announce(port) }
                isAnnounced = isAnnounced || health != nil
                if let health, health.status == 200 { say("\n\(health.body.trimmingSpaces)\n") }
            }
            if once, health?.status == 200 { return }
            if health?.status != 200, deadline < clock.now {
                throw .demo("the daemon is not healthy after \(Self.patience): \(health?.body ?? "nobody answers")")
            }
            let signal = signals.wait(timeout: health?.status == 200 ? nil : .milliseconds(100))
            if signal == SIGINT || signal == SIGTERM { return }
        }
    }

    private func announce(_ port: UInt16) {
        say("\nThe daemon watches the lab. Its page: http://127.0.0.1:\(port)/")
        say("How the lab is: http://127.0.0.1:\(port)/health")
        if !once { say("Ctrl-C ends both.") }
    }
}
