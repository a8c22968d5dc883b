package import WatchCore

/// The name of a trace's file: `oauth_trace_20261123_065501.json`, `…_2.json` for a second one in that second, `….json.gz`
/// once compressed.
package struct TraceName: Sendable, Hashable, Comparable {
    /// When the run began, in whole seconds since 1970-01-01T00:00:00Z.
    package var second: Int64
    /// From 1: which one of that second.
    package var sequence: Int
    package var isCompressed = false

    /// The name for a run that began at `time`.
    package init(_ time: WallTime, sequence: Int = 1) {
        second = time.nanoseconds / 1_000_000_000
        self.sequence = sequence
    }

    /// The name that a file has; nil when it is no trace's.
    package init?(_ file: some StringProtocol) {
        let prefix = "oauth_trace_"
        guard file.hasPrefix(prefix) else { return nil }
        let parts = file.dropFirst(prefix.utf8.count).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, let time = Self.time(of: parts[0].split(separator: "_")) else { return nil }
        self.init(time)
        let numbers = parts[0].split(separator: "_")
        if numbers.count == 3, let number = Int(numbers[2]) { sequence = number }
        isCompressed = parts.count == 3
        guard text == file else { return nil }
    }

    /// The name itself.
    package var text: String {
        "oauth_trace_\(time.fileStamp)\(sequence > 1 ? "_\(sequence)" : "").json\(isCompressed ? ".gz" : "")"
    }

    /// When the run began.
    package var time: WallTime { WallTime(nanoseconds: second * 1_000_000_000) }

    package static func < (a: TraceName, b: TraceName) -> Bool { (a.second, a.sequence) < (b.second, b.sequence) }

    private static func time(of parts: [some StringProtocol]) -> WallTime? {
        guard parts.count >= 2, parts[0].utf8.count == 8, parts[1].utf8.count == 6 else { return nil }
        let (date, clock) = (Array(parts[0]), Array(parts[1]))
        func pair(_ digits: [Character], _ index: Int) -> String { String(digits[index..<index + 2]) }
        return WallTime(
            iso8601: "\(String(date[..<4]))-\(pair(date, 4))-\(pair(date, 6))T"
                + "\(pair(clock, 0)):\(pair(clock, 2)):\(pair(clock, 4))Z")
    }
}

/// One trace on disk, as far as retention needs to know it.
package struct TraceEntry: Sendable, Hashable {
    /// The name of its target's directory.
    package var target: String
    package var name: TraceName
    /// Bytes on disk.
    package var size: Int
    /// nil: the file does not tell. It is kept as a failing one would be.
    package var verdict: Verdict?
    /// nil: the file does not tell.
    package var kind: RunKind?

    /// One trace on disk.
    package init(target: String, name: TraceName, size: Int, verdict: Verdict?, kind: RunKind? = nil) {
        self.target = target
        self.name = name
        self.size = size
        self.verdict = verdict
        self.kind = kind
    }

    /// Whether the run found that users can log in.
    package var isHealthy: Bool { verdict?.isGood ?? false }

    /// Whether the run found out that something is wrong; an inconclusive one found out nothing.
    package var isFailing: Bool { verdict.map { $0 > .inconclusive } ?? false }
}
