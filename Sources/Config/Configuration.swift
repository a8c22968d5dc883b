package import Alerts
package import WatchCore

/// What the daemon is to do: the configuration file, checked and with its defaults filled in.
package struct Configuration: Sendable, Hashable {
    /// Where metrics and health are served.
    package var listen = ListenAddress.port(host: "127.0.0.1", port: 9732)
    /// Names and addresses that a `Host` header may hold, without port, in lower case.
    package var allowedHosts = ["localhost", "127.0.0.1", "::1"]
    /// Whether `POST /-/reload` reads the configuration again.
    package var reloadEndpoint = false
    /// Whether metrics tell how long single steps took.
    package var stepHistograms = true
    /// What is up whenever this machine's network is; every target has it in its connection settings, too.
    package var reference: WebURL?
    /// An absolute path.
    package var stateDirectory = ""
    package var traces = TraceSettings(directory: "")
    /// At least one; no two have the same name.
    package var targets: [TargetSettings] = []
    package var alerts = AlertSettings()

    init() {}
}

/// Where the pages are served.
package enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address of this machine, without brackets, and a port; 0 lets the system choose one.
    case port(host: String, port: UInt16)
    /// A unix socket: an absolute path.
    case unix(path: String)

    package var description: String {
        switch self {
        case .port(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
