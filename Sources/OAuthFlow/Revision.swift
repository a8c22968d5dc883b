/// A revision of the MCP specification; the raw value is the protocol version.
package enum Revision: String, Sendable, Hashable, CaseIterable, Comparable {
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    package static func < (a: Revision, b: Revision) -> Bool { a.rawValue < b.rawValue }
}
