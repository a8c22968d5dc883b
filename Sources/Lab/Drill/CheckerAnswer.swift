import JSONReader
import WatchCore

/// What the checker said of one server.
enum CheckerAnswer: Sendable, Hashable {
    case said(Verdict, [Expectation.Blame])
    /// There is no usable answer; why.
    case nothing(String)

    /// Reads `oauthwatch trace --format json`.
    ///
    /// - Parameters:
    ///   - output: its standard output.
    ///   - status: its exit status, for the message when the output is of no use.
    init(output: [UInt8], status: Int32) {
        guard let report = try? JSON(parsing: output), let verdict = report["verdict"]?.string.flatMap(Verdict.init),
            let findings = report["findings"]?.array
        else {
            self = .nothing("no report; exit \(status)")
            return
        }
        let blames = findings.map(Expectation.Blame.init)
        guard !blames.contains(nil) else {
            self = .nothing("a finding of an unknown check, step or severity")
            return
        }
        self = .said(verdict, blames.compactMap { $0 })
    }

    /// Whether it is what is expected: the verdict, exactly these findings above `info`, and those of `info`.
    func meets(_ expectation: Expectation) -> Bool {
        guard case .said(expectation.verdict, let findings) = self else { return false }
        func weighty(_ blames: [Expectation.Blame]) -> Set<Expectation.Blame> {
            Set(blames.filter { $0.severity != .info })
        }
        return weighty(findings) == weighty(expectation.findings) && Set(expectation.findings).isSubset(of: findings)
    }

    /// In one line.
    var text: String {
        switch self {
        case .said(let verdict, let findings): Expectation.text(verdict, findings)
        case .nothing(let why): why
        }
    }
}

extension Expectation {
    /// In one line: `failed: token.status at token`.
    var text: String { Self.text(verdict, findings) }

    /// A verdict and what causes it; the severity of what weighs less is named.
    static func text(_ verdict: Verdict, _ findings: [Blame]) -> String {
        var seen: Set<Blame> = []
        let places = findings.filter { seen.insert($0).inserted }.map { blame in
            "\(blame.check.rawValue) at \(blame.step.rawValue)"
                + (Verdict(blame.severity) == verdict && verdict != .healthy ? "" : " (\(blame.severity.rawValue))")
                + (blame.layer == blame.check.layer ? "" : ", blaming \(blame.layer.rawValue)")
        }
        return places.isEmpty ? verdict.rawValue : "\(verdict.rawValue): \(places.joined(separator: ", "))"
    }
}

extension Expectation.Blame {
    /// A finding of the report; nil when a name in it is unknown.
    fileprivate init?(_ json: JSON) {
        guard let check = json["check"]?.string.flatMap(CheckID.init),
            let step = json["step"]?.string.flatMap(Step.init),
            let severity = json["severity"]?.string.flatMap(Severity.init),
            let layer = json["layer"]?.string.flatMap(Layer.init)
        else { return nil }
        self.init(check: check, step: step, severity: severity, layer: layer)
    }
}
