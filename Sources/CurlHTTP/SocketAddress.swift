import CCurl
import Glibc
import WatchCore

/// Reads and writes socket addresses.
enum SocketAddress {
    /// Address and port of a socket that libcurl is about to open.
    ///
    /// - Returns: nil for another family than IPv4 and IPv6.
    ///
    /// Source: CURLOPT_OPENSOCKETFUNCTION(3), ip(7), ipv6(7).
    static func read(_ target: UnsafePointer<curl_sockaddr>) -> (IPAddress, UInt16)? {
        // The address is longer than the `sockaddr` that the field is declared as.
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        let raw = UnsafeRawPointer(target) + offset
        switch target.pointee.family {
        case AF_INET:
            let four = raw.loadUnaligned(as: sockaddr_in.self)
            return IPAddress(bytes: withUnsafeBytes(of: four.sin_addr) { Array($0) })
                .map { ($0, UInt16(bigEndian: four.sin_port)) }
        case AF_INET6:
            let six = raw.loadUnaligned(as: sockaddr_in6.self)
            return IPAddress(bytes: withUnsafeBytes(of: six.sin6_addr) { Array($0) })
                .map { ($0, UInt16(bigEndian: six.sin6_port)) }
        default: return nil
        }
    }
}
