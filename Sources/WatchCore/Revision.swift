/// A revision of the MCP specification; the raw value is the protocol version.
package enum Revision: String, Sendable, Hashable, CaseIterable, Comparable {
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    package static func < (a: Revision, b: Revision) -> Bool { a.rawValue < b.rawValue }

    /// Whether every request stands for itself: no `initialize`, no session, the version in each request.
    ///
    /// Source: MCP 2026-07-28, basic protocol.
    package var isStateless: Bool { self >= .july2026 }

    /// The newest revision that begins with `initialize`.
    package static let newestHandshake = Revision.november2025
    /// The newest revision of all.
    package static let newest = Revision.july2026
}

/// Which revision a target turned out to speak; kept, so that a change shows.
package struct RevisionChoice: Sendable, Hashable {
    /// The auth profile that the documents imply.
    package var profile: Revision
    /// The protocol version of the MCP requests; nil where there are none.
    package var version: Revision?
    /// Whether a server of 2026-07-28 also answers `initialize`.
    package var isDualEra = false
    /// When the server was last asked what it speaks, civil time.
    package var askedAt: WallTime

    /// What a target spoke when it was asked at `askedAt`.
    package init(profile: Revision, version: Revision?, isDualEra: Bool = false, askedAt: WallTime) {
        self.profile = profile
        self.version = version
        self.isDualEra = isDualEra
        self.askedAt = askedAt
    }
}
