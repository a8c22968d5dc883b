package import WatchCore

/// Which traces go and which are compressed: a decision, nothing is done here.
///
/// For each target all traces of `keepAll` stay, then failing ones and the first healthy one of each hour, until `keep`.
/// Then the oldest go until the limits hold: files and bytes of a target, bytes of all, bytes left free.
///
/// Of each kind of run of a target some traces never go, whatever the limits say: the newest healthy one, and of the
/// newest failure the last healthy one before and the first failing one, which together show what changed. The pairs of
/// earlier failures escape the thinning, and go last when limits want more.
package struct RetentionPlan: Sendable, Hashable {
    /// Traces to remove, oldest first for each rule.
    package private(set) var deletions: [TraceEntry] = []
    /// Traces to compress.
    package internal(set) var compressions: [TraceEntry] = []

    private static let compressAfter = Duration.seconds(86_400)

    /// Decides.
    ///
    /// - Parameters:
    ///   - traces: all traces of all targets, in any order.
    ///   - settings: the limits.
    ///   - now: the civil time.
    ///   - free: bytes free on the file system; nil when unknown.
    package init(_ traces: [TraceEntry], settings: TraceSettings, now: WallTime, free: Int?) {
        var kept: [Candidate] = []
        for (_, group) in Dictionary(grouping: traces, by: \.target).sorted(by: { $0.key < $1.key }) {
            kept += keptOfTarget(Self.candidates(group.sorted { $0.name < $1.name }), settings, now)
        }
        kept.sort { ($0.entry.name, $0.entry.target) < ($1.entry.name, $1.entry.target) }
        let excess = kept.reduce(0) { $0 + $1.entry.size } - settings.maxTotalSize
        let missing = free.map { settings.minFree - $0 - deletions.reduce(0) { $0 + $1.size } } ?? 0
        kept = removing(from: kept, bytes: max(excess, missing), files: 0)
        compressions = kept.map(\.entry).filter { !$0.name.isCompressed && now - $0.name.time > Self.compressAfter }
    }

    /// How firmly a trace is held.
    private enum Hold: Int {
        case loose, pair, vital
    }

    private struct Candidate {
        var entry: TraceEntry
        var hold = Hold.loose
    }

    /// The traces of one target, oldest first, each with its hold.
    private static func candidates(_ sorted: [TraceEntry]) -> [Candidate] {
        var candidates = sorted.map { Candidate(entry: $0) }
        // Kinds fail apart: a login that fails between sessions that do not is one failure, not many.
        for kind in [RunKind?.none] + RunKind.allCases.map(Optional.some) {
            let indices = sorted.indices.filter { sorted[$0].kind == kind }
            for member in Self.pairs(indices, sorted) { candidates[member.index].hold = member.hold }
        }
        return candidates
    }

    /// The traces among `indices`, which are of one kind, that show how failures began.
    private static func pairs(_ indices: [Int], _ sorted: [TraceEntry]) -> [(index: Int, hold: Hold)] {
        var pairs: [[Int]] = []
        var lastHealthy: Int?
        for index in indices {
            if sorted[index].isHealthy {
                lastHealthy = index
            } else if let healthy = lastHealthy {
                pairs.append([healthy, index])
                lastHealthy = nil
            } else if pairs.isEmpty {
                pairs.append([index])
            } else if sorted[index].isFailing, !(pairs.last ?? []).contains(where: { sorted[$0].isFailing }) {
                // What began inconclusive has its first failing trace here.
                pairs[pairs.count - 1].append(index)
            }
        }
        let vital = (pairs.last ?? []) + [indices.last { sorted[$0].isHealthy }].compactMap { $0 }
        return pairs.flatMap { $0 }.map { ($0, .pair) } + vital.map { ($0, .vital) }
    }

    private mutating func keptOfTarget(
        _ candidates: [Candidate], _ settings: TraceSettings, _ now: WallTime
    ) -> [Candidate] {
        var hours: Set<Int64> = []
        var kept: [Candidate] = []
        for candidate in candidates {
            let age = now - candidate.entry.name.time
            let isFirstOfHour = candidate.entry.isHealthy && hours.insert(candidate.entry.name.second / 3_600).inserted
            let isThinned =
                age > settings.keepAll && candidate.entry.isHealthy && !isFirstOfHour && candidate.hold == .loose
            if candidate.hold != .vital, isThinned || age > settings.keep {
                deletions.append(candidate.entry)
            } else {
                kept.append(candidate)
            }
        }
        let excess = kept.reduce(0) { $0 + $1.entry.size } - settings.maxSize
        return removing(from: kept, bytes: excess, files: kept.count - settings.maxFiles)
    }

    /// Removes the oldest, loose ones before pairs, until so many bytes and files are gone.
    private mutating func removing(from candidates: [Candidate], bytes: Int, files: Int) -> [Candidate] {
        var (bytes, files) = (bytes, files)
        var gone: Set<Int> = []
        for hold in [Hold.loose, .pair] {
            for (index, candidate) in candidates.enumerated() where candidate.hold == hold {
                guard bytes > 0 || files > 0 else { break }
                gone.insert(index)
                deletions.append(candidate.entry)
                bytes -= candidate.entry.size
                files -= 1
            }
        }
        return gone.isEmpty ? candidates : candidates.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
    }
}
