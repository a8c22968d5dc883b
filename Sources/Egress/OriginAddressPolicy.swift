import Synchronization
package import WatchCore

/// Which addresses one target's runs may connect to: those that the operator meant by naming the server.
///
/// The configured server may be public, private or on this machine: a literal address or `localhost` says which, for
/// another name the first connection does, and from then on the name may not lead to a nearer network. A link-local or
/// cloud metadata address is good only when the configuration names that very address. Other origins, which the server
/// under test may have chosen, get public addresses, or such as the configured server itself has. `allowNetworks` adds
/// to all that.
///
/// Keep one for each target rather than for each run, and a name that is made to point elsewhere later is noticed.
package final class OriginAddressPolicy: AddressPolicy {
    private let server: Origin
    private let literal: IPAddress?
    private let networks: [IPNetwork]
    /// How far the configured server's own addresses reach, as far as is known.
    private let reaches: Mutex<Set<IPAddress.Reach>>

    /// The policy of one target.
    ///
    /// - Parameters:
    ///   - server: the configured server.
    ///   - allowNetworks: blocks that the operator allows besides.
    package init(server: WebURL, allowNetworks: [IPNetwork]) {
        self.server = server.origin
        literal = IPAddress(server.host)
        networks = allowNetworks
        reaches = Mutex(Set(server.isLoopback ? [.loopback] : [literal?.reach].compactMap { $0 }))
    }

    package func permits(_ address: IPAddress, port: UInt16, for origin: Origin) -> Bool {
        let isNamed = networks.contains { $0.contains(address) }
        guard origin == server else { return isNamed || permitsForeign(address) }
        // A block that is allowed by itself opens no door to others like it.
        return isNamed || permitsOwn(address)
    }

    private func permitsOwn(_ address: IPAddress) -> Bool {
        switch address.reach {
        case .public, .private, .loopback:
            reaches.withLock { known in
                if known.isEmpty || address.reach == .public { known.insert(address.reach) }
                return known.contains(address.reach)
            }
        case .linkLocal, .cloudMetadata: address == literal
        case .special: false
        }
    }

    private func permitsForeign(_ address: IPAddress) -> Bool {
        switch address.reach {
        case .public: true
        case .private, .loopback: reaches.withLock { $0.contains(address.reach) }
        case .linkLocal, .cloudMetadata: address == literal
        case .special: false
        }
    }
}
