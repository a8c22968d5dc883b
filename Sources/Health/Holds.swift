package import WatchCore

/// Something that the operator said for a time: no alert, or no traffic.
package struct Hold: Sendable, Hashable {
    package var since: WallTime
    package var until: WallTime
    /// One line; empty when none was given.
    package var reason: String

    /// From `since` to `until`, because of `reason`.
    package init(since: WallTime, until: WallTime, reason: String) {
        self.since = since
        self.until = until
        self.reason = reason
    }

    /// `until 2026-11-25T12:00:00Z: the reason`.
    package var text: String { "until \(until.iso8601Seconds)" + (reason.isEmpty ? "" : ": \(reason.asOneLine)") }

    /// Whether it holds. Not when the clock was set to before its begin: to mute too long is the worse fault.
    func holds(at now: WallTime) -> Bool { now < until && now > since + .seconds(-300) }
}

/// The silences and pauses of all targets: pure.
package struct Holds: Sendable, Hashable {
    /// What is held.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No alert is sent.
        case silence
        /// The target gets no traffic, and no alert is sent.
        case pause
    }

    private var holds: [Kind: [String: Hold]] = [:]

    /// Nothing is held.
    package init() {}

    /// Begins a hold, in place of an earlier one of its kind.
    package mutating func begin(_ kind: Kind, of target: String, _ hold: Hold) {
        holds[kind, default: [:]][target] = hold
    }

    /// Ends a hold; false when there was none.
    @discardableResult
    package mutating func end(_ kind: Kind, of target: String) -> Bool {
        holds[kind]?.removeValue(forKey: target) != nil
    }

    /// The hold of a kind that a target is under; nil when there is none.
    package func hold(_ kind: Kind, of target: String, at now: WallTime) -> Hold? {
        holds[kind]?[target].flatMap { $0.holds(at: now) ? $0 : nil }
    }

    /// For the target's line: ` [silenced until TIME: reason]`; empty when nothing holds.
    package func suffix(for target: String, at now: WallTime) -> String {
        let words: [(Kind, String)] = [(.silence, "silenced"), (.pause, "paused")]
        return words.compactMap { kind, word in hold(kind, of: target, at: now).map { " [\(word) \($0.text)]" } }
            .joined()
    }

    /// What outlives a restart.
    package var json: JSON {
        .object(
            Kind.allCases.map { kind in
                let members = (holds[kind] ?? [:]).sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value.json) }
                return JSON.Member(kind.rawValue, .object(members))
            })
    }

    /// What `json` remembers and is not over yet.
    ///
    /// - Parameters:
    ///   - json: what `json` gave before the restart; anything else remembers nothing.
    ///   - now: civil time.
    package init(restoring json: JSON, at now: WallTime) {
        for kind in Kind.allCases {
            for member in json[kind.rawValue]?.members ?? [] {
                guard let hold = Hold(member.value), hold.until > now else { continue }
                begin(kind, of: member.name, hold)
            }
        }
    }
}

extension Hold {
    /// As `/api/v1/status` and the state file tell it.
    package var json: JSON {
        [
            "since": .string(since.iso8601Seconds), "until": .string(until.iso8601Seconds), "reason": .string(reason),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard let since = json["since"]?.string.flatMap(WallTime.init(iso8601:)),
            let until = json["until"]?.string.flatMap(WallTime.init(iso8601:)), let reason = json["reason"]?.string
        else { return nil }
        self.init(since: since, until: until, reason: reason)
    }
}
