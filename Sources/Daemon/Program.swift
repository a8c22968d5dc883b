import WatchCore

/// Facts about this program.
package enum Program {
    /// As in `oauthwatch --version`.
    package static let version = Version.text
}
