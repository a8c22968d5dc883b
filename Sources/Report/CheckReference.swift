import WatchCore

/// All checks, explained.
package enum CheckReference {
    /// For a terminal: `oauthwatch explain --all`.
    package static var text: String {
        checks.map { CheckExplanation($0).text }.joined(separator: "\n")
    }

    /// In Markdown: `oauthwatch explain --all --format markdown`, which is `docs/checks.md`.
    package static var markdown: String {
        let sections = Step.allCases.compactMap(section)
        return ([introduction, commonCases] + sections).joined(separator: "\n")
    }

    private static var checks: [CheckID] {
        Step.allCases.flatMap { step in CheckID.allCases.filter { $0.step == step } }
    }

    private static func section(_ step: Step) -> String? {
        let checks = CheckID.allCases.filter { $0.step == step }
        guard !checks.isEmpty else { return nil }
        return (["## \(step.rawValue)\n"] + checks.map { CheckExplanation($0).markdown }).joined(separator: "\n")
    }

    private static let introduction = """
        # Checks

        What each check asserts, the standard it rests on, what usually is behind it when it does not hold, and what
        to do. `oauthwatch explain CHECK` says the same of one. The ids are stable: they stand in reports, traces,
        metrics and on the health page. A finding may weigh more or less than stated, and name another step, where the
        answer calls for it.

        `info` changes nothing; `warning` makes a target degraded; `inconclusive` says that it could not be found out;
        `failure` and `insecure` make it failed and insecure. “Seen in” are public reports of the same: repository and
        number.

        """

    /// The cases that the manual of the older `oauth_sequence_tracer.py` explains.
    private static let commonCases = """
        ## Five that are met first

        | what you see | look at |
        |---|---|
        | could not connect, connection refused | \(link(.challengeStatus)): the server does not run, or not there |
        | registration failed with 400, the user might exist already | \(link(.registrationStatus)): its rules for \
        redirect URIs, and whether the name exists |
        | authorization failed: `invalid_request`, invalid client_id | \(link(.authorizationPage)): the registration \
        failed or was lost |
        | token exchange failed with 400 | \(link(.tokenStatus)): PKCE verification, redirect URI, or an expired code |
        | the MCP request with the token failed with 401 | \(link(.mcpStatus)): the access token is invalid or expired \
        for the resource server |

        """

    private static func link(_ check: CheckID) -> String {
        "[`\(check.rawValue)`](#\(check.rawValue.filter { $0 != "." }))"
    }
}
