package import Glibc

/// Where a socket in the file system is.
///
/// Source: unix(7).
package struct UnixAddress: Sendable {
    private var address: sockaddr_un

    /// The address of a path; nil for one that is longer than 107 bytes.
    package init?(path: String) {
        address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    }

    /// Hands it to a system call.
    ///
    /// - Returns: what the call returned.
    package func pass(to call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
