import WatchCore

/// Runs of one kind in a row that found nothing out.
struct Silence: Sendable, Hashable {
    /// So many are no chance any more.
    private static let tolerated = 2

    var runs = 0
    /// When the first of them began.
    var since: WallTime

    init(since: WallTime) { self.since = since }

    /// Whether it must be told.
    var isTooLong: Bool { runs > Self.tolerated }

    /// What must be told.
    ///
    /// - Parameters:
    ///   - kind: of the runs.
    ///   - reason: why the last one found nothing out; nil when that is not known any more.
    func finding(_ kind: RunKind, because reason: String?) -> Finding {
        Finding(
            .monitorUnwatched, nil,
            "\(runs) \(kind.rawValue) runs in a row found nothing out, since \(since.iso8601Seconds)"
                + (reason.map { ": \($0)" } ?? ""))
    }
}

extension Silence {
    var json: JSON { ["runs": .integer(runs), "since": .integer(Int(since.nanoseconds))] }

    /// nil when `json` is none.
    init?(_ json: JSON) {
        guard let runs = json["runs"]?.integer, runs > 0, let since = json["since"]?.integer else { return nil }
        self.init(since: WallTime(nanoseconds: Int64(since)))
        self.runs = runs
    }
}
