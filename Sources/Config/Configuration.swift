package import WatchCore

/// What the daemon is to do: the configuration file, checked and with its defaults filled in.
package struct Configuration: Sendable, Hashable {
    /// Where metrics and health are served.
    package var listen = ListenAddress(host: "127.0.0.1", port: 9732)
    /// Names and addresses that a `Host` header may hold, without port, in lower case.
    package var allowedHosts = ["localhost", "127.0.0.1", "::1"]
    /// An absolute path.
    package var stateDirectory = ""
    package var traces = TraceSettings(directory: "")
    /// At least one; no two have the same name.
    package var targets: [TargetSettings] = []

    init() {}
}

/// An address of this machine and a port.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address, without brackets.
    package var host: String
    /// 0 lets the system choose one.
    package var port: UInt16

    /// An address of this machine and a port.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
