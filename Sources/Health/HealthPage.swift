import WatchCore

/// The page `/health` and the line for the service manager.
package enum HealthPage {
    /// How many targets a status names.
    private static let namedInStatus = 3

    /// The page.
    ///
    /// - Parameters:
    ///   - targets: in the order of the configuration.
    ///   - problems: what is wrong with the daemon itself, a line each.
    ///   - notes: what stands at the end of a target's line, by its name: silences and pauses.
    /// - Returns: status 200 when every target is healthy or degraded, else 503; a line a target, then the problems.
    package static func text(
        _ targets: [TargetHealth], problems: [String] = [], notes: [String: String] = [:]
    ) -> (status: Int, body: String) {
        let lines =
            targets.map { $0.line + (notes[$0.name] ?? "") }
            + problems.map { "oauthwatch: \($0.asOneLine)" }
        return (targets.allSatisfy(\.verdict.isGood) ? 200 : 503, lines.map { "\($0)\n" }.joined())
    }

    /// One line for the service manager: `2/3 healthy; mcp.example failed at token since 03:12`.
    ///
    /// Healthy counts degraded targets too; they are named as what they are, after the worse ones.
    ///
    /// - Parameters:
    ///   - targets: in the order of the configuration.
    ///   - problems: what is wrong with the daemon itself.
    package static func status(_ targets: [TargetHealth], problems: [String] = []) -> String {
        let worstFirst = targets.enumerated().sorted { a, b in
            a.element.verdict == b.element.verdict ? a.offset < b.offset : a.element.verdict > b.element.verdict
        }
        let troubles = worstFirst.compactMap(\.element.shortLine)
        let more = troubles.count - namedInStatus
        var parts = ["\(targets.count { $0.verdict.isGood })/\(targets.count) healthy"]
        parts += troubles.prefix(namedInStatus)
        if more > 0 { parts.append("\(more) more") }
        return (parts + problems.map(\.asOneLine)).joined(separator: "; ")
    }
}
