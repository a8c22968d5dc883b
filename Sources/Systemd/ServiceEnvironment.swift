import CSystemd
import Glibc

/// What the service manager hands to the service at its start.
package enum ServiceEnvironment {
    /// Takes the sockets of socket activation, in the order of the socket unit; they are close-on-exec.
    ///
    /// To be called once, at the start, before there are other threads: it clears the variables that name them.
    ///
    /// - Returns: descriptors, now the caller's; none without socket activation.
    /// - Throws: `SystemdError` when the variables are broken.
    ///
    /// Source: sd_listen_fds(3).
    package static func takeListeningSockets() throws(SystemdError) -> [Int32] {
        let count = sd_listen_fds(1)
        guard count >= 0 else { throw SystemdError(operation: "sd_listen_fds", code: -count) }
        return (0..<count).map { SD_LISTEN_FDS_START + $0 }
    }
}
