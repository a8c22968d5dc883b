package import WatchCore

/// The first request that is really protected: what the authenticated steps repeat with the token.
package enum ProtectedCall: Sendable, Hashable {
    case initialize
    case listTools
    /// The tool that the operator named, or one with a made-up name, which no server runs.
    case callTool
    /// The GET that stands for MCP.
    case api(WebURL)
    /// Nothing was refused without a token.
    case nothing
}

/// What the unauthenticated requests told.
package struct Challenge: Sendable {
    package var protected: ProtectedCall
    var bearer: BearerChallenge?
    /// The request that was answered although it had no token, and the proof; for the guard `mcp.no-token`.
    var openCall: MCPMessage?
    /// What that request spoke.
    var openVersion: Revision?
}
