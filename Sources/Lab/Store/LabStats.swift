package import WatchCore

/// How often what happened since the lab was made, and how much it holds now.
package struct LabStats: Sendable, Hashable {
    /// Registered clients held now.
    package var clients = 0
    /// Access tokens held now, dead ones included.
    package var tokens = 0
    package var requests = 0
    package var registrations = 0
    package var codesIssued = 0
    package var tokensIssued = 0
    package var refreshes = 0
    package var revocations = 0
    /// Forms that came with a password, right or wrong.
    package var passwordSubmissions = 0
    package var logins = 0
    package var rejections = 0
    /// MCP messages that were answered.
    package var mcpCalls = 0
    /// Codes and refresh tokens that were used a second time.
    package var replays = 0
    package var restarts = 0
    /// Requests at the second origin.
    package var elsewhere = 0

    /// As one object.
    package var json: JSON {
        [
            "clients": .integer(clients), "tokens": .integer(tokens), "requests": .integer(requests),
            "registrations": .integer(registrations), "codes": .integer(codesIssued),
            "tokens_issued": .integer(tokensIssued), "refreshes": .integer(refreshes),
            "revocations": .integer(revocations), "password_submissions": .integer(passwordSubmissions),
            "logins": .integer(logins), "rejections": .integer(rejections), "mcp_calls": .integer(mcpCalls),
            "replays": .integer(replays), "restarts": .integer(restarts), "elsewhere": .integer(elsewhere),
        ]
    }
}
