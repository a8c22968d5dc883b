import CommandIO
import Config
import Glibc

/// Where the control socket is: in the runtime directory that systemd makes, else in the state directory. In the state
/// directory there is always a name for it, so that a configuration is enough to find the daemon.
enum ControlPlace {
    /// The socket's name in either directory.
    static let name = "control.sock"
    /// Where the packaged service has it.
    static let packaged = "/run/oauthwatch/\(name)"

    /// The name in the state directory.
    static func inStateDirectory(_ directory: String) -> String { "\(directory)/\(name)" }

    /// The path to listen at.
    ///
    /// - Parameters:
    ///   - stateDirectory: where it is without a runtime directory.
    ///   - runtimeDirectory: `$RUNTIME_DIRECTORY`: paths with colons between them; nil without systemd.
    ///
    /// Source: systemd.exec(5), `RuntimeDirectory=`.
    static func listening(stateDirectory: String, runtimeDirectory: String?) -> String {
        let first = runtimeDirectory?.split(separator: ":").first.map(String.init)
        return "\(first ?? stateDirectory)/\(name)"
    }

    /// Makes the name in the state directory lead to the socket.
    ///
    /// - Returns: false when it could not be made.
    ///
    /// Source: symlink(2).
    static func link(from stateDirectory: String, to path: String) -> Bool {
        let link = inStateDirectory(stateDirectory)
        guard link != path else { return true }
        unlink(link)
        return symlink(path, link) == 0
    }

    /// The socket of the daemon that somebody wants to speak with.
    ///
    /// - Parameters:
    ///   - socket: as it was named; comes first.
    ///   - configuration: the daemon's configuration file.
    /// - Throws: `UsageError` when the configuration does not tell its state directory.
    static func find(socket: String?, configuration: String?) throws(UsageError) -> String {
        if let socket { return socket }
        guard let configuration else { return packaged }
        do throws(ConfigurationError) {
            return inStateDirectory(try ConfigurationFile.stateDirectory(of: configuration))
        } catch {
            throw UsageError(message: error.description, status: EX_CONFIG)
        }
    }
}
