package import WatchCore

/// What discovery found, to be written down as a first configuration.
package struct InitTemplate: Sendable {
    /// The MCP endpoint, or with `isAPI` the issuer.
    package var server: WebURL
    /// Origins besides the server's own that discovery found to receive passwords, codes and tokens.
    package var allowedOrigins: Set<Origin>
    /// The scope that the challenge or the resource metadata names; nil when none does.
    package var scope: String?
    /// Whether the server is no MCP server, and its userinfo endpoint stands for the MCP messages.
    package var isAPI = false
    /// The test user; nil when it is not known yet.
    package var username: String?

    /// A configuration for one server.
    package init(
        server: WebURL, allowedOrigins: Set<Origin> = [], scope: String? = nil, username: String? = nil
    ) {
        self.server = server
        self.allowedOrigins = allowedOrigins
        self.scope = scope
        self.username = username
    }

    /// The configuration as text in YAML, with comments.
    package var text: String { (head + target + origins + tail).map { "\($0)\n" }.joined() }

    private var head: [String] {
        [
            "# A first configuration for \(server.host). Put the test user's password alone into the file that passwordFile",
            "# names, mode 0600; a relative name begins at this file's directory. Then try it:",
            "#   oauthwatch check-config FILE",
            "#   oauthwatch run --config FILE",
            "listen: 127.0.0.1:9732",
            "stateDirectory: /var/lib/oauthwatch",
            "traces:",
            "  directory: /var/log/oauthwatch/traces",
            "targets:",
        ]
    }

    private var target: [String] {
        var address = server
        (address.userinfo, address.fragment) = (nil, nil)
        return [
            "  - name: \(Self.scalar(name))",
            "    server: \(Self.scalar(address.description))",
        ] + (isAPI ? ["    api: userinfo"] : []) + [
            "    # A user of its own, with as few rights as possible.",
            "    username: \(username.map(Self.scalar) ?? "CHANGE-ME")",
            "    passwordFile: \(Self.scalar("credentials/\(name)"))",
        ]
    }

    private var origins: [String] {
        guard !allowedOrigins.isEmpty else {
            return ["    # Discovery found no origin besides the server's own, so no other may receive credentials."]
        }
        return [
            "    # Discovery found these origins besides the server's own. They may receive the password and the tokens:",
            "    # keep only those that you know.",
            "    allowedOrigins:",
        ] + allowedOrigins.sorted().map { "      - \(Self.scalar($0.description))" }
    }

    private var tail: [String] {
        let scope = scope.map { ["    # What the server asks for.", "    scope: \(Self.scalar($0))"] } ?? []
        return scope + ["    interval: 15m", "    timeout: 30s"]
    }

    /// The host, where it can name a directory.
    private var name: String {
        let name = String(server.host.prefix(100))
        return name.hasPrefix("-") || name == "." || name == ".." ? "server" : name
    }

    /// Text as a YAML scalar: in quotes unless it is clearly text without them. JSON's quotes are YAML's, too.
    private static func scalar(_ text: String) -> String {
        let isClear = text.utf8.allSatisfy {
            (48...57).contains($0) || (97...122).contains($0.asciiLowercased) || "-._/:".utf8.contains($0)
        }
        let beginsWithLetter = text.utf8.first.map { (97...122).contains($0.asciiLowercased) } ?? false
        let isReserved = ["null", "true", "false"].contains(text.lowercased())
        return isClear && beginsWithLetter && !isReserved && !text.hasSuffix(":") ? text : JSON.string(text).text()
    }
}
