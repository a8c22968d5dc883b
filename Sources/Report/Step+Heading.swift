import WatchCore

extension Step {
    /// The number that the seed's manual gives the step; nil for those that it has not.
    var seedNumber: Int? {
        switch self {
        case .discovery: 1
        case .registration: 2
        case .authorization: 3
        case .authentication: 4
        case .token: 5
        case .mcp: 6
        case .refresh: 7
        case .challenge, .session, .guarding, .revocation: nil
        }
    }

    /// The heading of the step.
    ///
    /// - Parameter detail: what is done; empty for the usual.
    func heading(_ detail: String) -> String {
        let what = detail.isEmpty ? usual : detail
        return seedNumber.map { "STEP \($0): \(what)" } ?? what
    }

    private var usual: String {
        switch self {
        case .challenge: "Asking without a token..."
        case .discovery: "Discovering OAuth endpoints..."
        case .registration: "Registering OAuth client..."
        case .authorization: "Requesting authorization..."
        case .authentication: "Authenticating user..."
        case .token: "Exchanging code for tokens..."
        case .mcp: "Testing authenticated MCP request..."
        case .refresh: "Refreshing tokens..."
        case .session: "Using the kept session..."
        case .guarding: "Checking what must be refused..."
        case .revocation: "Revoking tokens..."
        }
    }

    /// What one says of the step when it failed, as in the seed's manual.
    var failure: String {
        switch self {
        case .challenge: "Request without a token failed"
        case .discovery: "Discovery failed"
        case .registration: "Registration failed"
        case .authorization, .authentication: "Authorization failed"
        case .token: "Token exchange failed"
        case .mcp: "Authenticated MCP request failed"
        case .refresh: "Token refresh failed"
        case .session: "Kept session failed"
        case .guarding: "Guard failed"
        case .revocation: "Revocation failed"
        }
    }
}
