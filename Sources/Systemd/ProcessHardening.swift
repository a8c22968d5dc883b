import CSystemd
import Glibc

/// Keeps passwords and tokens in this process's memory from others.
package enum ProcessHardening {
    /// Forbids other processes of the same user to trace this one or read its memory, and forbids core dumps.
    ///
    /// - Throws: `SystemdError` when the kernel refuses.
    ///
    /// Source: PR_SET_DUMPABLE(2const), setrlimit(2).
    package static func apply() throws(SystemdError) {
        guard setDumpable(0) == 0 else { throw SystemdError(operation: "prctl PR_SET_DUMPABLE", code: errno) }
        // A core pattern that pipes into a program ignores the limit, but not the flag above; so both.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else {
            throw SystemdError(operation: "setrlimit RLIMIT_CORE", code: errno)
        }
    }
}
