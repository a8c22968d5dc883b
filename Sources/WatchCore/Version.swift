/// The version of this program.
package enum Version {
    /// As in `oauthwatch --version`.
    package static let text = "0.1.0"

    /// No clock that is right is before this.
    package static let released = WallTime(seconds: 1_795_000_000)

    /// As sent in the `User-Agent` field.
    package static let userAgent = "oauthwatch/\(text)"
}
