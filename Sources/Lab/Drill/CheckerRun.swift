import Glibc
import WatchCore

/// One `oauthwatch trace`, as a user would run it.
struct CheckerRun: Sendable {
    /// Three times the timeout is the whole flow; a checker that takes longer than this is stopped.
    private static let patience: Duration = .seconds(60)
    private static let outputLimit = 1 << 20

    /// Path of `oauthwatch`.
    let executable: String
    /// URL of the MCP endpoint.
    let server: String
    let username: String
    /// What must stand nowhere in report and trace.
    let password: Secret
    /// A file with the password; it becomes standard input.
    let passwordFile: String
    /// Where trace and state go; exists.
    let directory: String
    let keepsState: Bool
    var personas: [String] = []
    /// Whether every guard is tried.
    var triesAllGuards = false
    /// For one request, in seconds.
    var timeout = 3

    /// Runs it to its end.
    ///
    /// - Throws: `system`, as when the program is not there.
    func run() throws(LabError) -> CheckerAnswer {
        let input = open(passwordFile, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .last("open \(passwordFile)") }
        defer { close(input) }
        var ends: [Int32] = [-1, -1]
        // Not pipe(2): the ends must never be open in a checker that another thread starts at this moment.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .last("socketpair") }
        defer { close(ends[0]) }
        let child: ChildProcess
        do throws(LabError) {
            child = try ChildProcess(executable, arguments, input: input, output: ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        let output = read(ends[0])
        if output == nil { child.end() }
        let status = child.exitStatus(waits: true) ?? 255
        guard let output else { return .nothing("no end after \(Self.patience.components.seconds) s") }
        // Without a trace the report is judged alone; it says why there is none.
        let trace = (try? FileBytes.read(tracePath)) ?? []
        if let kind = Leak.kind(in: output + trace, password: password.reveal()) {
            return .nothing("a secret stands in the report or the trace: \(kind)")
        }
        return CheckerAnswer(output: output, status: status)
    }

    private var tracePath: String { "\(directory)/trace.json" }

    private var arguments: [String] {
        [
            "trace", "--server-url", server, "--username", username, "--password-file", "-", "--timeout",
            "\(timeout)", "--save-trace", tracePath, "--format", "json",
        ] + (triesAllGuards ? ["--guards", "all"] : []) + (keepsState ? ["--state-dir", "\(directory)/state"] : [])
            + personas.flatMap { ["--persona", $0] }
    }

    /// Reads to the end.
    ///
    /// - Returns: nil when the end does not come in time.
    private func read(_ descriptor: Int32) -> [UInt8]? {
        let clock = SystemClock()
        let deadline = clock.now + Self.patience
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < Self.outputLimit {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = (deadline - clock.now).nanoseconds / 1_000_000
            guard left > 0 else { return nil }
            let ready = poll(&wait, 1, Int32(left))
            guard ready > 0 else {
                if ready < 0, errno == EINTR { continue }
                return nil
            }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
        return nil
    }
}
