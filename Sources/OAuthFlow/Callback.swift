package import WatchCore

/// What the authorization server sent to the redirect URI.
///
/// Source: RFC 6749 §4.1.2; RFC 9207 §2.
package struct Callback: Sendable {
    package var pairs: [FormPair]
    /// Whether it stood in the fragment instead of the query.
    package var isFragment = false
    /// Where it was sent to; nil where that is not known.
    package var place: WebURL?

    /// Reads the URL of a redirect, or the pairs of a posted form.
    package init(_ url: WebURL) {
        let query = url.queryPairs
        let fragment = url.fragment.map(FormPair.decode) ?? []
        isFragment =
            !query.contains { ["code", "error"].contains($0.name) }
            && fragment.contains { ["code", "error", "access_token"].contains($0.name) }
        pairs = isFragment ? fragment : query
        place = url
    }

    /// The pairs of a form that was posted to `place`.
    package init(pairs: [FormPair], at place: WebURL? = nil) {
        self.pairs = pairs
        self.place = place
    }

    /// The first value of a parameter.
    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// Parameters that stand there more than once.
    var duplicates: [String] {
        ["code", "state", "iss", "error"].filter { name in pairs.count { $0.name == name } > 1 }
    }
}

extension WebURL {
    /// Whether a request to this URL would arrive at `redirectURI`: scheme, host, port and path are equal.
    package func arrives(at redirectURI: WebURL) -> Bool {
        let path = self.path.isEmpty ? "/" : self.path
        let redirectPath = redirectURI.path.isEmpty ? "/" : redirectURI.path
        return origin == redirectURI.origin && path == redirectPath
    }

    /// Whether it carries an authorization code.
    var carriesCode: Bool { Callback(self)["code"].map { !$0.isEmpty } ?? false }
}
