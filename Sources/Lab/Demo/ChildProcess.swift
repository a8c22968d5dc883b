import Glibc

/// A program that was started and is waited for.
struct ChildProcess: Sendable {
    let pid: pid_t

    /// Starts a program with the signals that this one began with.
    ///
    /// - Parameters:
    ///   - path: of the executable.
    ///   - arguments: without the program's own name.
    ///   - input: a descriptor that becomes its standard input; nil shares ours.
    ///   - output: a descriptor that becomes its standard output; nil shares ours.
    /// - Throws: `system`, as when the program is not there.
    init(_ path: String, _ arguments: [String], input: Int32? = nil, output: Int32? = nil) throws(LabError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var child = pid_t()
        let code = posix_spawn(&child, path, &actions, &attributes, words, environ)
        guard code == 0 else { throw .system(operation: "start \(path)", errno: code) }
        pid = child
    }

    /// Whether it has ended, and how.
    ///
    /// - Parameter waits: whether to wait until it has.
    /// - Returns: its exit status, or 128 and the signal that ended it; nil while it runs.
    func exitStatus(waits: Bool) -> Int32? {
        var status: Int32 = 0
        var ended = waitpid(pid, &status, waits ? 0 : WNOHANG)
        while ended < 0, errno == EINTR { ended = waitpid(pid, &status, waits ? 0 : WNOHANG) }
        guard ended != 0 else { return nil }
        guard ended == pid else { return 255 }
        // WIFEXITED, WEXITSTATUS and WTERMSIG of wait(2) are macros that do not come over.
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    /// Asks it to end.
    func terminate() { kill(pid, SIGTERM) }

    /// Ends it.
    func end() { kill(pid, SIGKILL) }
}
