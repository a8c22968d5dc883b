internal import Glibc
package import WatchCore

/// Runs a program of the operator's, without a shell: the notification is JSON on its standard input, as the webhook
/// gets it. Exit status 0 means that it arrived. When it takes too long it is killed, with all that it started.
package struct CommandSink: AlertSink {
    private let arguments: [String]
    private let timeout: Duration
    private let runner: CommandRunner

    /// A program.
    ///
    /// - Parameters:
    ///   - arguments: the program's path, then its arguments.
    ///   - timeout: until it must have ended.
    /// - Throws: `ThreadFailure` when there is no further thread to wait on.
    package init(_ arguments: [String], timeout: Duration) throws(ThreadFailure) {
        self.arguments = arguments
        self.timeout = timeout
        runner = try CommandRunner()
    }

    package func deliver(_ notifications: [Notification]) async throws(DeliveryFailure) {
        let input = WebhookBody.oauthwatch.json(notifications).bytes() + [10]
        try await runner.run(arguments, input: input, timeout: timeout)
    }
}

/// Runs programs one after another on a thread that may block.
actor CommandRunner {
    private let executor: ThreadExecutor

    init() throws(ThreadFailure) { executor = try ThreadExecutor() }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Runs a program to its end.
    ///
    /// - Throws: `DeliveryFailure` when it cannot be started, fails, or is late.
    ///
    /// Source: posix_spawn(3), waitpid(2), kill(2).
    func run(_ arguments: [String], input: [UInt8], timeout: Duration) throws(DeliveryFailure) {
        let name = arguments.first ?? ""
        let clock = SystemClock()
        let deadline = clock.now + timeout
        let (child, pipe) = try Self.spawn(arguments)
        Self.write(input, to: pipe, until: deadline)
        close(pipe)
        var status: Int32 = 0
        var pause: UInt32 = 1_000
        while true {
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child { break }
            guard ended == 0 || errno == EINTR else { throw DeliveryFailure("\(name): waitpid failed") }
            guard clock.now < deadline else {
                // Not reaped yet, so the number is still the child's, and so is its group.
                kill(-child, SIGKILL)
                while waitpid(child, &status, 0) < 0, errno == EINTR {}
                throw DeliveryFailure("\(name) took longer than \(timeout.seconds) s and was killed")
            }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
        if status & 0x7f != 0 { throw DeliveryFailure("\(name) was ended by signal \(status & 0x7f)") }
        let code = (status >> 8) & 0xff
        if code != 0 { throw DeliveryFailure("\(name) ended with status \(code)") }
    }

    /// Starts a program in a process group of its own. It reads from a pipe, what it prints goes nowhere, what it
    /// complains about goes where our own log goes; all else of ours is closed on exec.
    private static func spawn(_ arguments: [String]) throws(DeliveryFailure) -> (pid_t, Int32) {
        let name = arguments.first ?? ""
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw DeliveryFailure("\(name): pipe: \(String(cString: strerror(errno)))") }
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = Self.environment.map { strdup($0) } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var child: pid_t = 0
        let status = posix_spawn(&child, name, &actions, &attributes, &words, &environment)
        close(ends[0])
        guard status == 0 else {
            close(ends[1])
            throw DeliveryFailure("\(name) cannot be run: \(String(cString: strerror(status)))")
        }
        return (child, ends[1])
    }

    /// What the program may know of ours: no credential, and not where the service manager listens.
    private static var environment: [String] {
        let names: [String] = ["PATH", "HOME", "LANG", "LC_ALL", "TZ"]
        return names.compactMap { (name: String) -> String? in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
    }

    /// Gives the program its input; one that does not read it may still succeed.
    private static func write(_ input: [UInt8], to pipe: Int32, until deadline: Instant) {
        _ = fcntl(pipe, F_SETFL, O_NONBLOCK)
        var rest = input[...]
        while !rest.isEmpty {
            let left = (deadline - SystemClock().now).nanoseconds / 1_000_000
            var watched = pollfd(fd: pipe, events: Int16(POLLOUT), revents: 0)
            guard left > 0, poll(&watched, 1, Int32(clamping: left)) > 0 else { return }
            let count = rest.withUnsafeBytes { Glibc.write(pipe, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
