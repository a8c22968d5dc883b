/// The version of this program.
package enum Version {
    /// As in `oauthwatch --version`.
    package static let text = "0.1.0"

    /// As sent in the `User-Agent` field.
    package static let userAgent = "oauthwatch/\(text)"
}
