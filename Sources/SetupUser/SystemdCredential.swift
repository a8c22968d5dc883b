import Glibc
import WatchCore

/// A secret, encrypted so that only services of this machine can read it.
///
/// Source: systemd-creds(1); posix_spawn(3).
enum SystemdCredential {
    /// It could not be encrypted.
    struct Failure: Error {
        /// One line.
        var message: String
    }

    /// What the credential is called in `LoadCredentialEncrypted=`.
    private static let name = "password"

    /// Encrypts a secret; it is never on disk in clear.
    ///
    /// - Parameters:
    ///   - secret: what the service will read; at most 4096 bytes.
    ///   - descriptor: the file that gets the result.
    /// - Throws: `Failure` when `systemd-creds` is not there or refuses.
    static func encrypt(_ secret: Secret, to descriptor: Int32) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(message: "no pipe: \(String(cString: strerror(errno)))") }
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        let bytes = Array(secret.reveal().utf8)
        // A pipe takes that much without a reader, so nothing waits here.
        let count = write(ends[1], bytes, bytes.count)
        close(ends[1])
        defer { close(ends[0]) }
        guard count == bytes.count else { throw Failure(message: "the pipe to systemd-creds is full") }
        try run(["systemd-creds", "encrypt", "--name=\(name)", "-", "-"], input: ends[0], output: descriptor)
    }

    private static func run(_ words: [String], input: Int32, output: Int32) throws(Failure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var child = pid_t()
        let copies = words.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        let code = posix_spawnp(&child, words[0], &actions, nil, copies, environ)
        guard code == 0 else { throw Failure(message: "cannot run \(words[0]): \(String(cString: strerror(code)))") }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw Failure(message: "\(words[0]) refused; its reason stands above") }
    }
}
