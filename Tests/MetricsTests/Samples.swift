import Testing
import WatchCore

@testable import Metrics

/// Targets and runs to count.
enum Samples {
    static let now = WallTime(seconds: 1_795_245_300)

    static func settings(_ name: String = "mcp.example") throws -> TargetSettings {
        TargetSettings(
            name: name, server: try #require(WebURL("https://mcp.example/mcp")), username: "user-hidden",
            password: Secret("password-hidden"), redirectURI: try #require(WebURL("http://localhost:3000/callback")))
    }

    static func run(_ kind: RunKind = .login, _ findings: [Finding] = [], at start: WallTime = now) -> RunRecord {
        var record = RunRecord(
            target: "mcp.example", kind: kind, serverURL: "https://mcp.example/mcp", username: "user-hidden",
            clientName: "Claude Desktop", startedAt: start)
        record.duration = .milliseconds(750)
        record.steps = [
            StepResult(step: .challenge, outcome: .passed, duration: .milliseconds(20), status: 401),
            StepResult(step: .token, outcome: .failed, duration: .milliseconds(300), status: 500),
            StepResult(step: .mcp, outcome: .skipped, duration: .zero),
        ]
        record.findings = findings
        return record
    }

    static func exchange(_ step: Step, _ result: Result<HTTPResponse, TransportFailure>) throws -> Exchange {
        let url = try #require(WebURL("https://mcp.example/mcp"))
        return Exchange(request: HTTPRequest(step, "GET", url), startedAt: now, endedAt: now, result: result)
    }

    static let openDoor = Finding(.mcpNoToken, .insecure, "open")

    static func failure(_ check: CheckID = .tokenStatus) -> Finding { Finding(check, .failure, "500") }
}

extension [MetricFamily] {
    /// The value of one series; nil when it is not there.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let samples = filter { $0.name == "oauthwatch_\(name)" }.flatMap(\.samples)
        let sample = samples.first { sample in
            labels.allSatisfy { label in sample.labels.contains(MetricLabel(label.key, label.value)) }
        }
        return if case .number(let value) = sample?.value { value } else { nil }
    }

    /// A histogram; nil when it is not there.
    func histogram(_ name: String, _ label: MetricLabel) -> Histogram? {
        let samples = filter { $0.name == "oauthwatch_\(name)" }.flatMap(\.samples)
        let sample = samples.first { $0.labels.contains(label) }
        return if case .histogram(let histogram) = sample?.value { histogram } else { nil }
    }

    /// Every series by its name and labels.
    var series: [String] {
        flatMap { family in family.samples.map { "\(family.name)\($0.labels.map { "\($0.name)=\($0.value)" })" } }
    }
}
