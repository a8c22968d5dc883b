import Glibc

/// Why the local server does not listen.
package struct LocalServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds that a caller tells apart.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// Something else listens there.
        case addressInUse = "address-in-use"
        /// The address does not belong to this machine.
        case addressNotHere = "address-not-here"
        /// The host is no IP address.
        case badAddress = "bad-address"
        /// A port below 1024 without the right to it.
        case notPermitted = "not-permitted"
        /// The machine refuses sockets, memory or a thread.
        case system
    }

    package var code: Code
    /// One line: address and port, what is wrong, what to do.
    package var description: String

    /// The code as an errno value.
    package var systemCode: Int32 {
        switch code {
        case .addressInUse: EADDRINUSE
        case .addressNotHere: EADDRNOTAVAIL
        case .badAddress: EINVAL
        case .notPermitted: EACCES
        case .system: ENOMEM
        }
    }

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
