import Glibc
import WatchCore

/// A strong password in a file that was made for it, or in a credential of systemd.
struct GeneratedPassword: Sendable {
    /// It could not be written; there is no file.
    struct Failure: Error {
        /// One line: the file, and what is wrong.
        var message: String
    }

    let password: Secret
    /// The file.
    let path: String

    private static let length = 32
    private static let classes = [
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789", "-_.",
    ].map(Array.init)

    /// Generates a password and writes it for its owner's eyes only: with a line end after it, or encrypted.
    ///
    /// - Parameter path: a file that does not exist; `.cred` at its end asks for a credential called `password`.
    /// - Throws: `Failure` when it exists or cannot be written.
    ///
    /// Source: open(2), O_EXCL; fsync(2); systemd-creds(1).
    init(writtenTo path: String) throws(Failure) {
        password = Self.generate()
        self.path = path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST {
            throw Failure(message: "\(path) exists; name a new file, or use it with --password-file")
        }
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        do throws(Failure) {
            try fill(descriptor)
        } catch {
            unlink(path)
            throw error
        }
    }

    private func fill(_ descriptor: Int32) throws(Failure) {
        if path.hasSuffix(".cred") {
            do throws(SystemdCredential.Failure) {
                try SystemdCredential.encrypt(password, to: descriptor)
            } catch {
                throw Failure(message: "\(path): \(error.message)")
            }
        } else {
            let line = Array("\(password.reveal())\n".utf8)
            guard write(descriptor, line, line.count) == line.count else { throw Self.failure(path) }
        }
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    }

    /// Takes the file away: nobody has this password.
    func remove() { unlink(path) }

    /// 32 characters, at least one of each kind that servers ask for: some 190 bits.
    static func generate() -> Secret {
        var generator = SystemRandomNumberGenerator()
        let all = classes.flatMap { $0 }
        while true {
            let characters = (0..<length).compactMap { _ in all.randomElement(using: &generator) }
            if classes.allSatisfy({ $0.contains(where: characters.contains) }) { return Secret(String(characters)) }
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(message: "cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
