import Glibc

/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four or sixteen bytes, in network order; an IPv4-mapped IPv6 address is kept as the IPv4 address it means.
    package let bytes: [UInt8]

    /// From four or sixteen bytes in network order.
    package init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16:
            let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            // 64:ff9b::/96 carries an IPv4 address through NAT64 (RFC 6052 §2.1): what it reaches is that address.
            let isTranslated = bytes.prefix(12) == [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
            self.bytes = isMapped || isTranslated ? Array(bytes.suffix(4)) : bytes
        default: return nil
        }
    }

    /// Reads `127.0.0.1` or `::1`; no name, no brackets, no scope.
    ///
    /// Source: inet_pton(3).
    package init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: &four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: &six) { Array($0) })
        } else {
            return nil
        }
    }

    /// How far an address reaches.
    package enum Reach: String, Sendable, Hashable, CaseIterable {
        /// This machine.
        case loopback
        /// RFC 1918, RFC 4193, RFC 6598: a network of one's own.
        case `private`
        /// This link only.
        case linkLocal = "link-local"
        /// Where clouds answer with the machine's own credentials.
        case cloudMetadata = "cloud-metadata"
        /// Multicast, broadcast, reserved, unspecified: no server is there.
        case special
        case `public`
    }

    /// How far the address reaches.
    ///
    /// Source: RFC 6890; RFC 4291.
    package var reach: Reach {
        if Self.metadataServices.contains(bytes) { return .cloudMetadata }
        return Self.blocks.first { $0.0.contains(self) }?.1 ?? .public
    }

    /// Whether it has sixteen bytes.
    package var isIPv6: Bool { bytes.count == 16 }

    package var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard let base = buffer.baseAddress,
                inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, base, socklen_t(buffer.count)) != nil
            else { return "?" }
            return String(cString: base)
        }
    }

    private static let metadataServices: [[UInt8]] = [
        "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
    ].compactMap { IPAddress($0)?.bytes }

    private static let blocks: [(IPNetwork, Reach)] = [
        ("127.0.0.0/8", Reach.loopback), ("::1/128", .loopback),
        ("10.0.0.0/8", .private), ("172.16.0.0/12", .private), ("192.168.0.0/16", .private),
        ("100.64.0.0/10", .private), ("fc00::/7", .private), ("fec0::/10", .private),
        // Local NAT64 (RFC 8215): it may lead to any private IPv4 address.
        ("64:ff9b:1::/48", .private),
        ("169.254.0.0/16", .linkLocal), ("fe80::/10", .linkLocal),
        ("0.0.0.0/8", .special), ("192.0.0.0/24", .special), ("192.0.2.0/24", .special), ("198.18.0.0/15", .special),
        ("198.51.100.0/24", .special), ("203.0.113.0/24", .special), ("224.0.0.0/3", .special), ("::/96", .special),
        ("2001:db8::/32", .special), ("ff00::/8", .special), ("100::/64", .special),
        // 6to4 and Teredo carry an IPv4 address, loopback too, and no server is there any more (RFC 7526).
        ("2002::/16", .special), ("2001::/32", .special), ("192.88.99.0/24", .special),
    ].compactMap { text, reach in IPNetwork(text).map { ($0, reach) } }
}

/// A block of addresses: `10.0.0.0/8`.
package struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    private let address: IPAddress
    private let prefixLength: Int

    /// Reads `10.0.0.0/8`, `fc00::/7` or a single address.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0])) else { return nil }
        let bits = address.bytes.count * 8
        guard let length = parts.count == 2 ? Int(parts[1]) : bits, (0...bits).contains(length) else { return nil }
        self.address = address
        prefixLength = length
    }

    /// Whether `other` is in the block.
    package func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let whole = prefixLength / 8
        guard other.bytes.prefix(whole) == address.bytes.prefix(whole) else { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> rest)
        return other.bytes[whole] & mask == address.bytes[whole] & mask
    }

    package var description: String { "\(address)/\(prefixLength)" }
}
