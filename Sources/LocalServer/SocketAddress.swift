import Glibc
import WatchCore

/// Addresses as the socket calls take them.
enum SocketAddress {
    /// Calls `body` with the C form of an address.
    static func with<Result>(
        _ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        if address.isIPv6 {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &six.sin6_addr) { $0.copyBytes(from: address.bytes) }
            return withGeneric(&six, body)
        }
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        withUnsafeMutableBytes(of: &four.sin_addr) { $0.copyBytes(from: address.bytes) }
        return withGeneric(&four, body)
    }

    /// The address and port that `query`, getsockname(2) or getpeername(2), tells of a socket.
    ///
    /// - Returns: nil when the call fails or the socket is no IP socket.
    static func of(
        _ descriptor: Int32,
        _ query: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> (address: IPAddress, port: UInt16)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { query(descriptor, $0, &length) }
        }
        guard status == 0 else { return nil }
        return withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET: read(bytes.loadUnaligned(as: sockaddr_in.self))
            case AF_INET6: read(bytes.loadUnaligned(as: sockaddr_in6.self))
            default: nil
            }
        }
    }

    private static func read(_ four: sockaddr_in) -> (IPAddress, UInt16)? {
        let address = withUnsafeBytes(of: four.sin_addr) { IPAddress(bytes: Array($0)) }
        return address.map { ($0, UInt16(bigEndian: four.sin_port)) }
    }

    private static func read(_ six: sockaddr_in6) -> (IPAddress, UInt16)? {
        let address = withUnsafeBytes(of: six.sin6_addr) { IPAddress(bytes: Array($0)) }
        return address.map { ($0, UInt16(bigEndian: six.sin6_port)) }
    }

    private static func withGeneric<Specific, Result>(
        _ address: inout Specific, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let size = socklen_t(MemoryLayout<Specific>.size)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}
