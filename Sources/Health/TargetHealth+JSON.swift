package import WatchCore

extension TargetHealth {
    /// What outlives a restart; null before the first run.
    package var json: JSON {
        guard let since else { return .null }
        return [
            "verdict": .string(verdict.rawValue),
            "since": .integer(Int(since.nanoseconds)),
            "loginSuccess": loginSuccess.map { .bool($0) } ?? .null,
            "findings": .array(findings.map(\.json)),
            "silence": .object(
                silence.map { JSON.Member($0.key.rawValue, $0.value.json) }.sorted { $0.name < $1.name }),
        ]
    }

    /// A target as `json` remembers it. What is not understood, such as the findings of checks that are no more, is left
    /// out: the next runs find it again. Null, and anything without verdict or time, is a target of which nothing is
    /// known.
    ///
    /// - Parameters:
    ///   - name: the target's name.
    ///   - json: what `json` gave before the restart.
    package init(name: String, restoring json: JSON) {
        guard let verdict = json["verdict"]?.string.flatMap(Verdict.init(rawValue:)),
            let since = json["since"]?.integer
        else {
            self.init(name: name)
            return
        }
        let remembered = json["findings"]?.array ?? []
        let findings = remembered.compactMap { Finding($0) }
        self.init(
            name: name, findings: findings,
            verdict: findings.count == remembered.count ? verdict : Verdict(findings),
            since: WallTime(nanoseconds: Int64(since)), loginSuccess: json["loginSuccess"]?.bool,
            silence: Self.silence(json["silence"]))
    }
}

extension TargetHealth {
    private static func silence(_ json: JSON?) -> [RunKind: Silence] {
        var silence: [RunKind: Silence] = [:]
        for member in json?.members ?? [] {
            if let kind = RunKind(rawValue: member.name) { silence[kind] = Silence(member.value) }
        }
        return silence
    }
}

extension Finding {
    fileprivate var json: JSON {
        [
            "check": .string(check.rawValue), "step": .string(step.rawValue), "severity": .string(severity.rawValue),
            "layer": .string(layer.rawValue), "message": .string(message), "evidence": .string(evidence),
            "remedy": .string(remedy),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard let check = json["check"]?.string.flatMap(CheckID.init(rawValue:)),
            let step = json["step"]?.string.flatMap(Step.init(rawValue:)),
            let severity = json["severity"]?.string.flatMap(Severity.init(rawValue:)),
            let layer = json["layer"]?.string.flatMap(Layer.init(rawValue:)),
            let message = json["message"]?.string, let evidence = json["evidence"]?.string,
            let remedy = json["remedy"]?.string
        else { return nil }
        self.init(check, severity, message, evidence: evidence, remedy: remedy, step: step, layer: layer)
    }
}
