package import WatchCore

/// How much a page lets a browser tell of it where it leads.
///
/// Source: Referrer Policy §3.
package enum ReferrerPolicy: String, Sendable, CaseIterable {
    case noReferrer = "no-referrer"
    case noReferrerWhenDowngrade = "no-referrer-when-downgrade"
    case sameOrigin = "same-origin"
    case origin
    case strictOrigin = "strict-origin"
    case originWhenCrossOrigin = "origin-when-cross-origin"
    case strictOriginWhenCrossOrigin = "strict-origin-when-cross-origin"
    case unsafeURL = "unsafe-url"

    /// The policy of `Referrer-Policy`.
    ///
    /// - Parameter fields: of an answer; the last policy that is known counts, so that newer ones can stand behind older.
    /// - Returns: nil when the answer says nothing of it.
    ///
    /// Source: Referrer Policy §8.1.
    package init?(_ fields: HTTPFields) {
        let words = fields.all("referrer-policy").flatMap { field in
            field.utf8.split { $0 == UInt8(ascii: ",") || $0.isHTMLSpace }
        }
        guard let last = words.compactMap({ Self(rawValue: Substring($0).lowercased()) }).last else { return nil }
        self = last
    }

    /// The policy of `<meta name="referrer">`, whose older words are taken, too.
    ///
    /// - Returns: nil when the word is unknown.
    ///
    /// Source: HTML §4.2.5.1.
    init?(meta content: String) {
        let word = content.lowercased().filter { !$0.isWhitespace }
        switch word {
        case "never": self = .noReferrer
        case "default": self = .strictOriginWhenCrossOrigin
        case "always": self = .unsafeURL
        case "origin-when-crossorigin": self = .originWhenCrossOrigin
        default: self.init(rawValue: word)
        }
    }
}
