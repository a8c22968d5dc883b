import WatchCore

/// Reads from words whether something was refused for lack of a login, where no status says it.
package enum SpokenRefusal {
    private static let beginnings = [
        "auth", "unauth", "forbidden", "token", "login", "permission", "credential", "denied",
    ]

    /// Whether a text says that somebody must log in.
    package static func speaksOfAuthentication(_ text: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter }
        return words.contains { word in beginnings.contains { word.hasPrefix($0) } }
    }

    /// Whether a JSON-RPC error is about the name of the tool that was called: then the call had come as far as the
    /// tools.
    ///
    /// - Parameters:
    ///   - code: of the JSON-RPC error; -32601 and -32602 are “method not found” and “invalid params”.
    ///   - text: its message.
    ///
    /// Source: JSON-RPC 2.0 §5.1; MCP tools, error handling.
    static func isAboutTheTool(code: Int, _ text: String) -> Bool {
        let lower = text.lowercased()
        return code == -32601 || code == -32602
            || ["tool", "unknown", "not found", "no such"].contains { lower.holds($0) }
    }
}
