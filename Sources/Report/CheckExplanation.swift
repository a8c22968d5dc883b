package import WatchCore

/// What `oauthwatch explain` says about a check: the catalogue's row, for people.
package struct CheckExplanation: Sendable {
    private let check: CheckID

    /// The explanation of a check.
    package init(_ check: CheckID) { self.check = check }

    /// For a terminal; ends with a line end.
    package var text: String {
        var lines = [
            check.rawValue,
            "  step      \(check.step.rawValue); \(check.severity.rawValue), blamed on: \(check.layer.rawValue)",
            "  asserts   \(check.asserts)",
        ]
        if !check.source.isEmpty { lines.append("  source    \(check.source)") }
        for (index, cause) in check.causes.enumerated() {
            lines.append((index == 0 ? "  causes    " : Self.indent) + cause)
        }
        lines.append("  remedy    \(check.remedy)")
        if !check.seenIn.isEmpty { lines.append("  seen in   \(check.seenIn.joined(separator: ", "))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A section in Markdown; ends with a line end.
    package var markdown: String {
        var lines = [
            "### `\(check.rawValue)`", "",
            "Asserts: \(check.asserts). Otherwise \(check.severity.rawValue), blamed on: \(check.layer.rawValue).", "",
        ]
        if !check.source.isEmpty { lines.append("- Source: \(check.source)") }
        lines += ["- Usual causes:"] + check.causes.map { "  - \($0)" } + ["- Remedy: \(check.remedy)"]
        if !check.seenIn.isEmpty { lines.append("- Seen in: \(check.seenIn.joined(separator: ", "))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let indent = String(repeating: " ", count: 12)
}
