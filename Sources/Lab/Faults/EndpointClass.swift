/// What a request is part of; a transport fault spoils one class and leaves the others alone.
enum EndpointClass: String, Sendable, Hashable, CaseIterable {
    /// An MCP request without a token.
    case challenge
    /// The metadata documents.
    case discovery
    case registration
    /// A page of the authorization endpoint.
    case authorization
    /// A form that was sent there.
    case login
    /// A code for tokens.
    case token
    /// An MCP request with a token.
    case mcp
    /// A refresh token for tokens.
    case refresh
    case revocation
}
