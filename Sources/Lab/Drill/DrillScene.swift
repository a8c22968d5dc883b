import Glibc
import WatchCore

/// One fault or variety, played once: a lab that has it, and the checker before it.
struct DrillScene: Sendable {
    let fault: Fault
    /// Path of `oauthwatch`.
    let checker: String

    /// Plays it.
    ///
    /// - Returns: what the checker said at the end, or that something broke before.
    func play() -> CheckerAnswer {
        do throws(LabError) {
            return try perform()
        } catch {
            return .nothing("\(error)")
        }
    }

    private func perform() throws(LabError) -> CheckerAnswer {
        var configuration = LabConfiguration()
        (configuration.port, configuration.faults) = (0, [fault.id])
        let lab = try LabServer(configuration)
        let port = try lab.start()
        defer { lab.stop() }
        let directory = try TemporaryDirectory(prefix: "oauthwatch-drill")
        let host = lab.behaviour.wire.usesIPv6 ? "[::1]" : "127.0.0.1"
        let rehearsal = fault.expectation.rehearsal
        let run = CheckerRun(
            executable: checker, server: "http://\(host):\(port)\(rehearsal.path)",
            username: rehearsal.username ?? configuration.username, password: configuration.password,
            passwordFile: try directory.write(configuration.password.reveal(), to: "password"),
            directory: directory.path, keepsState: rehearsal.interval != nil, personas: rehearsal.personas,
            triesAllGuards: rehearsal.triesAllGuards, timeout: rehearsal.timeout)
        let first = try run.run()
        guard let interval = rehearsal.interval else { return first }
        guard first.meets(.healthy) else { return .nothing("already in the first flow: \(first.text)") }
        switch interval {
        case .restart: lab.restart()
        case .time(let time): lab.skip(time)
        }
        return try run.run()
    }
}
