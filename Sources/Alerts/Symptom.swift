package import WatchCore

/// What users suffer: with a target, what an incident is about. The order is from worst to least.
package enum Symptom: String, Sendable, Hashable, CaseIterable {
    /// Somebody gets in who must not.
    case openDoor = "open-door"
    /// New logins fail.
    case login
    /// Who is logged in does not stay so.
    case session
    /// Nobody knows: for too long no run could find out.
    case unwatched
    /// It works, but not as it should.
    case degraded

    /// What a finding makes users suffer; nil for one that is no alarm by itself.
    package init?(_ finding: Finding) {
        switch finding.severity {
        case .insecure: self = .openDoor
        case .failure: self = Self.concernsSession(finding) ? .session : .login
        case .warning: self = .degraded
        case .inconclusive where finding.check == .monitorUnwatched: self = .unwatched
        case .inconclusive, .info: return nil
        }
    }

    /// How bad it is, in the words of findings.
    package var severity: Severity {
        switch self {
        case .openDoor: .insecure
        case .login, .session: .failure
        case .unwatched: .inconclusive
        case .degraded: .warning
        }
    }

    /// What users experience, in a few words.
    ///
    /// - Parameter check: what was found; nil when nothing was.
    package func experience(_ check: CheckID?) -> String {
        switch self {
        case .openDoor where check == .mcpNoToken: "anyone can call tools without a token"
        case .openDoor where check == .mcpOpenListing: "anyone can list the tools without a token"
        case .openDoor where check == .authenticationFormOrigin: "the login page would send passwords elsewhere"
        case .openDoor: "somebody can get in who must not"
        case .login: "new logins fail"
        case .session where check == .sessionRefresh || check == .sessionClient: "everyone is logged out"
        case .session: "who is logged in does not stay so"
        case .unwatched: "nobody knows whether users can log in"
        case .degraded: "logins work, but not as they should"
        }
    }

    /// An outage that a session run meets ends logins as well, so it counts as that.
    private static func concernsSession(_ finding: Finding) -> Bool {
        ["session.", "refresh."].contains { finding.check.rawValue.hasPrefix($0) }
    }
}
