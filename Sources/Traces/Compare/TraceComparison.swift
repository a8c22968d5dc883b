package import WatchCore

/// What is different between two traces, request by request.
package struct TraceComparison: Sendable {
    /// One request in which they differ.
    private struct Difference {
        var step: String
        var name: String
        /// A line each.
        var lines: [String]
    }

    private let heads: [String]
    private let cause: [String]
    private let blamed: Set<String>
    private var differences: [Difference] = []
    private var missing: [TracedExchange] = []

    /// Compares `bad` with `good`.
    ///
    /// - Parameters:
    ///   - good: the trace that things were well in, as `TraceReader` reads it.
    ///   - bad: the other one.
    package init(good: JSON, bad: JSON) {
        heads = [Self.head("bad ", bad), Self.head("good", good)]
        cause = Self.cause(of: bad, besides: good)
        blamed = Self.blamedSteps(bad)
        let (old, new) = (TracedExchange.all(of: good), TracedExchange.all(of: bad))
        for pair in Alignment.pairs(old, new, fit: { $0.fit($1) }) {
            switch pair {
            case (let a?, let b?): note(a, b)
            case (let a?, nil): missing.append(a)
            case (nil, let b?): noteNew(b)
            case (nil, nil): break
            }
        }
    }

    /// The comparison for people: what broke, then where the answers differ, then what did not take place.
    ///
    /// - Parameter limit: lines about differing requests at most.
    package func text(limit: Int = 60) -> String {
        var lines = ["\(heads[0]) | \(heads[1])"] + cause
        let details = details
        lines += details.prefix(limit)
        if details.count > limit { lines.append("(\(details.count - limit) more differences)") }
        if details.isEmpty, missing.isEmpty { lines.append("no request or answer differs in what can be compared") }
        if !missing.isEmpty {
            lines.append("not in the bad one: \(missing.count) requests, from \(missing[0].step): \(missing[0].name)")
        }
        return lines.map { "\(Self.oneLine($0))\n" }.joined()
    }

    /// Where the blame lies and where the runs first part come first: one of them is the cause. Then the order of the run.
    private var details: [String] {
        let lines = differences.map { difference in
            difference.lines.map { "\(difference.step): \(difference.name): \($0)" }
        }
        let blamedIndex = differences.firstIndex { blamed.contains($0.step) }
        var seen: Set<String> = []
        let first = ([blamedIndex, 0].compactMap { $0 }).filter(lines.indices.contains).compactMap { lines[$0].first }
        return (first + lines.flatMap { $0 }).filter { seen.insert($0).inserted }
    }

    private mutating func note(_ old: TracedExchange, _ new: TracedExchange) {
        var lines: [String] = []
        if old.outcome == new.outcome {
            lines += JSON.differences(from: old.body, to: new.body)
            lines += JSON.differences(from: old.fields, to: new.fields, at: "header")
        } else {
            // Another answer altogether: its body says more than how it differs.
            lines.append("\(new.outcome) instead of \(old.outcome)\(new.briefBody)")
            lines += JSON.differences(from: old.leadingFields, to: new.leadingFields, at: "header")
        }
        // What we ask follows from what we were answered before. Without an answer what was sent is not known in full.
        if old.status != nil && new.status != nil {
            lines += JSON.differences(from: old.request, to: new.request, at: "request")
        }
        if !lines.isEmpty { differences.append(Difference(step: new.step, name: new.name, lines: lines)) }
    }

    private mutating func noteNew(_ exchange: TracedExchange) {
        differences.append(
            Difference(
                step: exchange.step, name: exchange.name,
                lines: ["only in the bad one: \(exchange.outcome)\(exchange.briefBody)"]))
    }

    private static func head(_ name: String, _ trace: JSON) -> String {
        let metadata = trace["metadata"]
        return "\(name) \(metadata?["target"]?.string ?? "?") \(metadata?["kind"]?.string ?? "run") "
            + "\(metadata?["timestamp"]?.string?.prefix(19) ?? "?") \(metadata?["verdict"]?.string ?? "?")"
    }

    /// The findings of the bad trace that the good one lacks, the worst first.
    private static func cause(of bad: JSON, besides good: JSON) -> [String] {
        func key(_ finding: JSON) -> String { "\(finding["check"]?.string ?? "") \(finding["severity"]?.string ?? "")" }
        let known = Set((good["findings"]?.array ?? []).map(key))
        let fresh = (bad["findings"]?.array ?? []).filter { !known.contains(key($0)) }
        return fresh.sorted { rank($0) > rank($1) }.prefix(2).map { finding in
            "\(finding["severity"]?.string ?? ""): \(finding["check"]?.string ?? "") at "
                + "\(finding["step"]?.string ?? ""): \(finding["message"]?.string ?? "")"
        }
    }

    private static func blamedSteps(_ trace: JSON) -> Set<String> {
        let findings = trace["findings"]?.array ?? []
        let worst = findings.map(rank).max() ?? 0
        return Set(findings.filter { rank($0) == worst }.compactMap { $0["step"]?.string })
    }

    private static func rank(_ finding: JSON) -> Int {
        finding["severity"]?.string.flatMap(Severity.init).flatMap { Severity.allCases.firstIndex(of: $0) } ?? 0
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isInvisible ? " " : $0 }))
    }
}

extension TracedExchange {
    /// How well it fits one of another run: the same request, better with the same answer.
    fileprivate func fit(_ other: TracedExchange) -> Int {
        guard step == other.step, name == other.name else { return 0 }
        // A request for tokens is rarer than a message, and says more.
        return (outcome == other.outcome ? 6 : 4) + (request["form"]?["grant_type"] == nil ? 0 : 2)
    }

    /// The fields that tell a client what to do next.
    fileprivate var leadingFields: JSON {
        .object((fields.members ?? []).filter { ["www-authenticate", "location"].contains($0.name) })
    }

    /// The body behind a colon: of a page its title.
    fileprivate var briefBody: String {
        if body == .null { return "" }
        let title = body.array?.compactMap(\.string).first { $0.lowercased().hasPrefix("<title>") }
        return ": \(title ?? body.brief)"
    }

    /// The status, or why there is none.
    fileprivate var outcome: String { status.map { "\($0)" } ?? (failure.isEmpty ? "no answer" : failure) }
}
