import Glibc
import WatchCore

/// What this machine's own network can do, so that the monitor does not blame a server for it.
///
/// Nothing here sends a packet or waits.
struct LocalNetwork: Sendable {
    /// Whether the routing table has a way to an address.
    var hasRoute: @Sendable (IPAddress) -> Bool
    /// `resolv.conf`; nil when there is none.
    var resolverFile: @Sendable () -> String?

    /// This machine.
    static let current = LocalNetwork(hasRoute: connectsDatagrams, resolverFile: { readText("/etc/resolv.conf") })

    /// Whether the machine has a way out to the internet, by the IP version of `address`.
    func hasDefaultRoute(like address: IPAddress?) -> Bool {
        // Addresses for documentation: only a default route leads there.
        let outside = address?.isIPv6 == true ? "2001:db8::1" : "192.0.2.1"
        return IPAddress(outside).map(hasRoute) ?? true
    }

    /// Whether a name server may be reachable. False only when that is sure: none has a route to it, or all are on
    /// this machine, which has no way out itself.
    ///
    /// Source: resolv.conf(5).
    var resolverIsUsable: Bool {
        let servers = nameServers
        if servers.contains(where: { $0.reach != .loopback && hasRoute($0) }) { return true }
        guard servers.contains(where: { $0.reach == .loopback }) else { return false }
        return ["192.0.2.1", "2001:db8::1"].compactMap { IPAddress($0) }.contains(where: hasRoute)
    }

    /// The servers that `resolv.conf` names.
    var nameServers: [IPAddress] {
        let lines = (resolverFile() ?? "").split(separator: "\n")
        let servers = lines.compactMap { line -> IPAddress? in
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count >= 2, words[0] == "nameserver" else { return nil }
            return IPAddress(String(words[1].prefix { $0 != "%" }))
        }
        // Without any line the resolver asks this machine.
        return servers.isEmpty ? ["127.0.0.1"].compactMap { IPAddress($0) } : servers
    }

    /// Connecting a datagram socket only looks up the route.
    @Sendable private static func connectsDatagrams(_ address: IPAddress) -> Bool {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let socket = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return true }
        defer { close(socket) }
        return SocketAddress.with(address, port: 53) { connect(socket, $0, $1) } == 0
            || ![ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL].contains(errno)
    }

    private static func readText(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        // resolv.conf(5) is a short list; what is beyond this is not read by the C library either.
        return withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            let count = read(file, buffer.baseAddress, buffer.count)
            return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }
}

extension SocketAddress {
    /// Calls `body` with the address as connect(2) takes it.
    static func with<R>(_ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        if address.isIPv6 {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &six.sin6_addr) { $0.copyBytes(from: address.bytes) }
            return call(&six, body)
        }
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        withUnsafeMutableBytes(of: &four.sin_addr) { $0.copyBytes(from: address.bytes) }
        return call(&four, body)
    }

    private static func call<A, R>(_ address: inout A, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<A>.size)) }
        }
    }
}
