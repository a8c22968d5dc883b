import Alerts
import Health
import WatchCore

/// The daemon's view as JSON: what `/api/v1/status` serves and `oauthwatch status` prints.
/// `Tests/Schemas/status.schema.json` describes it.
struct StatusDocument {
    let view: Board.View
    let now: WallTime

    /// The whole document.
    var json: JSON {
        [
            "version": .string(WatchCore.Version.text),
            "time": .string(now.iso8601Seconds),
            "ready": .bool(view.isReady),
            "verdict": .string((view.targets.map(\.health.verdict).max() ?? .inconclusive).rawValue),
            "problems": .array(view.problems.sorted { $0.key < $1.key }.map { .string($0.value.asOneLine) }),
            "targets": .array(view.targets.map(target)),
            "incidents": .array(view.alerts.incidents.map(incident)),
            "sinks": .array(view.alerts.sinks.map(sink)),
        ]
    }

    private func target(_ target: Board.Target) -> JSON {
        let health = target.health
        return [
            "name": .string(health.name),
            "verdict": .string(health.verdict.rawValue),
            "since": Self.time(health.since),
            "step": JSON(health.blamed?.step.rawValue),
            "check": JSON(health.blamed?.check.rawValue),
            "message": JSON(health.blamed?.message.asOneLine),
            "loginSuccess": health.loginSuccess.map { .bool($0) } ?? .null,
            "lastRun": Self.times(target.lastRun),
            "lastSuccess": Self.times(target.lastSuccess),
            "silence": view.holds.hold(.silence, of: health.name, at: now)?.json ?? .null,
            "pause": view.holds.hold(.pause, of: health.name, at: now)?.json ?? .null,
            "findings": .array(health.findings.map(finding)),
        ]
    }

    private func finding(_ finding: Finding) -> JSON {
        [
            "check": .string(finding.check.rawValue), "step": .string(finding.step.rawValue),
            "severity": .string(finding.severity.rawValue), "layer": .string(finding.layer.rawValue),
            "message": .string(finding.message.asOneLine), "remedy": .string(finding.remedy),
        ]
    }

    private func incident(_ incident: Incident) -> JSON {
        [
            "id": .string(incident.id), "symptom": .string(incident.symptom.rawValue),
            "severity": .string(incident.symptom.severity.rawValue),
            "targets": .array(incident.targets.map { .string($0) }),
            "experience": .string(incident.finding.experience), "since": Self.time(incident.since),
            "firstBad": Self.time(incident.firstBad), "lastGood": Self.time(incident.lastGood),
            "step": JSON(incident.finding.step), "check": JSON(incident.finding.check),
            "message": .string(incident.finding.message.asOneLine), "trace": JSON(incident.finding.trace),
        ]
    }

    private func sink(_ sink: AlertView.SinkView) -> JSON {
        [
            "name": .string(sink.name), "waiting": .integer(sink.waiting), "oldest": Self.time(sink.oldest),
            "failure": JSON(sink.failure),
        ]
    }

    private static func time(_ time: WallTime?) -> JSON { JSON(time?.iso8601Seconds) }

    private static func times(_ times: [RunKind: WallTime]) -> JSON {
        .object(times.sorted { $0.key.rawValue < $1.key.rawValue }.map { JSON.Member($0.key.rawValue, time($0.value)) })
    }
}
