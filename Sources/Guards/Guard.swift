package import WatchCore

/// One deliberate wrong request: an accepted request with one field changed, which must be refused.
///
/// A new guard is a row in the catalogue of checks, a case in `CheckID.guardClass` and a value in one of the tables
/// beside this file.
package struct Guard: Sendable {
    /// Its row in the catalogue: severity, step, remedy.
    package let id: CheckID
    /// What a finding says when the request is not refused.
    let notRefused: String
    /// Error codes that a refusal should name; empty: any.
    let codes: [String]
    /// Sends the request and reads the answer. Sent a second time over a fresh connection when it was not refused.
    let attempt: @Sendable (GuardScene) async throws(Unscored) -> Attempt

    init(
        _ id: CheckID, _ notRefused: String, codes: [String] = [],
        attempt: @escaping @Sendable (GuardScene) async throws(Unscored) -> Attempt
    ) {
        self.id = id
        self.notRefused = notRefused
        self.codes = codes
        self.attempt = attempt
    }

    /// Guards that send their request alone, or in the session at hand, in this order.
    static let single: [Guard] = mcp + authorize + token + sessionTokens + login + slow + risky
    /// Guards that try to redeem a code.
    static let codes: [CodeGuard] = CodeGuard.all

    /// Ids of all guards that this room can try; those of `GuardRun.scoredByFlow` are left to the flow.
    package static let ids = Set(single.map(\.id)).union(codes.map(\.id))
}

/// A guard that redeems a fresh code in a wrong way.
struct CodeGuard: Sendable {
    let id: CheckID
    let notRefused: String
    let codes: [String]
    /// What is changed in the token request that would be accepted.
    let change: @Sendable (inout HTTPRequest, IssuedCode, GuardScene) async throws(Unscored) -> Void
}
