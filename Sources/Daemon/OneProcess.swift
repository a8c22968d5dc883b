import Glibc
import Systemd

/// What every process of ours does before it touches a secret.
enum OneProcess {
    /// Makes the memory of this process unreadable to others, and keeps it out of core files.
    ///
    /// - Throws: `UsageError` when the system refuses; nothing secret has been read then.
    static func harden() throws(UsageError) {
        do throws(SystemdError) {
            try ProcessHardening.apply()
        } catch {
            throw UsageError(message: "cannot keep memory from being dumped: \(error)", status: EX_OSERR)
        }
    }
}
