/// What a server presented when that was last accepted, by structure: documents, answers, forms. It holds no secret and
/// nothing that differs from run to run.
package struct ServerBaseline: Sendable, Hashable {
    /// The parts by name, such as `metadata`; a part that never was to be seen is absent.
    package private(set) var portrait: JSON
    /// When it was accepted: after the first good login run, or by the operator.
    package private(set) var acceptedAt: WallTime
    /// What it presents now, when that is something else.
    package private(set) var latest: JSON?

    /// A baseline that was accepted at `acceptedAt`.
    package init(portrait: JSON, acceptedAt: WallTime, latest: JSON? = nil) {
        self.portrait = portrait
        self.acceptedAt = acceptedAt
        self.latest = latest
    }

    /// What stands at a path: `had("token", "refresh_token")`; nil when the server had nothing there, or it never was to
    /// be seen.
    package func had(_ path: String...) -> JSON? {
        path.reduce(portrait as JSON?) { value, name in value?[name] }
    }

    /// A line for each difference: `metadata.scopes_supported: -admin`. Parts that are not in `portrait` are not compared.
    package func changes(in portrait: JSON) -> [String] {
        (portrait.members ?? []).flatMap { part in
            self.portrait[part.name].map { JSON.differences(from: $0, to: part.value, at: part.name) } ?? []
        }
    }

    /// A login run has seen these parts of the server.
    ///
    /// - Parameters:
    ///   - portrait: what it saw.
    ///   - isGood: whether users can log in: only then parts that were not known before become part of the baseline.
    /// - Returns: what differs from the baseline.
    @discardableResult
    package mutating func observe(_ portrait: JSON, isGood: Bool) -> [String] {
        let changes = changes(in: portrait)
        // Not `nil`: that would be JSON's null.
        latest = changes.isEmpty ? Optional.none : .some(Self.merge(self.portrait, portrait))
        guard isGood else { return changes }
        let new = (portrait.members ?? []).filter { self.portrait[$0.name] == nil }
        if !new.isEmpty { self.portrait = Self.merge(self.portrait, .object(new)) }
        return changes
    }

    /// The operator takes what the server presents now.
    ///
    /// - Returns: the differences that are accepted by that; empty when there is none.
    package mutating func accept(at time: WallTime) -> [String] {
        guard let latest else { return [] }
        let changes = changes(in: latest)
        (portrait, acceptedAt, self.latest) = (latest, time, nil)
        return changes
    }

    private static func merge(_ old: JSON, _ new: JSON) -> JSON {
        let replaced = Set((new.members ?? []).map(\.name))
        return .object((old.members ?? []).filter { !replaced.contains($0.name) } + (new.members ?? []))
    }
}
