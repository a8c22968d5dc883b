/// A registered client.
///
/// Source: RFC 7591 §3.2.1.
struct LabClient: Sendable, Hashable {
    var id: String
    var secret: String?
    var method: ClientAuthentication
    var name: String
    var redirectURIs: [String]
    var grantTypes: [String]
    /// What reads and deletes the client; nil where the server does not manage clients (RFC 7592).
    var managementToken: String?

    /// Whether a redirect may go to `uri`: identical, but for the port of a loopback address.
    ///
    /// Source: OAuth 2.1 §4.1.3; RFC 8252 §7.3.
    func allows(redirectURI uri: String, comparesPorts: Bool = false) -> Bool {
        redirectURIs.contains {
            $0 == uri
                || (!comparesPorts && $0.isLoopbackURI && uri.isLoopbackURI && $0.withoutPort == uri.withoutPort)
        }
    }
}

extension String {
    fileprivate var isLoopbackURI: Bool {
        ["http://127.0.0.1", "http://[::1]", "http://localhost"].contains { hasPrefix($0) } && withoutPort != self
            || ["http://127.0.0.1/", "http://[::1]/", "http://localhost/"].contains { hasPrefix($0) }
    }

    /// Without `:PORT` before the path.
    fileprivate var withoutPort: String {
        let parts = split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let colon = parts[2].lastIndex(of: ":"), !parts[2][colon...].contains("]"),
            parts[2][colon...].dropFirst().allSatisfy(\.isNumber)
        else { return self }
        return "\(parts[0])//\(parts[2][..<colon])/\(parts[3])"
    }
}
