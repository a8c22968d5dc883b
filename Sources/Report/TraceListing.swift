package import Traces
package import WatchCore

/// `oauthwatch traces list`: a line for each trace.
package enum TraceListing {
    /// The table.
    ///
    /// - Parameter digests: in the order of the lines.
    package static func text(_ digests: [TraceDigest]) -> String {
        let head = ["TIME", "TARGET", "KIND", "VERDICT", "CHECK", "FILE"]
        let rows = [head] + digests.map { [$0.time, $0.target, $0.kind, $0.verdict, $0.check, $0.path].map(cell) }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            return cells.joined(separator: "  ").trimmingSpaces + "\n"
        }.joined()
    }

    /// The same as one JSON list.
    package static func json(_ digests: [TraceDigest]) -> JSON { .array(digests.map(\.json)) }

    /// What a file says may be anything.
    private static func cell(_ text: String) -> String {
        let shown = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isInvisible ? " " : $0 }))
        return shown.isEmpty ? "-" : shown
    }
}
