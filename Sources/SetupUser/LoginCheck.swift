import WatchCore

/// What a real login, as far as the code, says about the user.
struct LoginCheck: Sendable, Hashable {
    /// What it comes to, each but the first with words for a person.
    enum Verdict: Sendable, Hashable {
        case letsIn
        /// The password was sent, and no code came back.
        case refuses(String)
        /// The flow failed before the password was asked for.
        case fails(String)
        case inconclusive(String)
    }

    let verdict: Verdict

    /// Reads the record of a login.
    init(_ record: RunRecord) {
        let reason = record.blamed.map { finding in
            let evidence = finding.evidence.isEmpty ? "" : " (\(finding.evidence))"
            return "\(finding.check.rawValue): \(finding.message)\(evidence)"
        }
        verdict =
            switch (record.summary.authCodeReceived, record.facts.passwordSubmissions > 0) {
            case (true, true): .letsIn
            case (true, false): .inconclusive("the server gave a code without asking for the password")
            case (false, _) where record.verdict == .inconclusive: .inconclusive(reason ?? "no reason was found")
            case (false, true): .refuses(reason ?? "no code came back")
            case (false, false): .fails(reason ?? "no code came back")
            }
    }
}
