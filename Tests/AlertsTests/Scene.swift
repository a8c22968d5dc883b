import WatchCore

@testable import Alerts

/// Runs of a simulated target, and the time in which they happen.
struct Scene {
    var machine = IncidentMachine()
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var wallTime = WallTime(seconds: 1_800_000_000)
    var muted: Set<String> = []

    static let outage = Finding(.tokenStatus, .failure, "answers 500")
    static let sessionDead = Finding(.sessionRefresh, .failure, "the refresh token is dead")
    static let open = Finding(.mcpNoToken, .insecure, "answers without a token")
    static let ill = Finding(.monitorNetwork, .inconclusive, "no network here")
    static let slow = Finding(.discoveryIssuer, .warning, "a slash apart")

    /// Time goes on, on both clocks alike.
    mutating func pass(_ seconds: Double) {
        now = now + .seconds(seconds)
        wallTime = wallTime + .seconds(seconds)
    }

    /// A run ends after a minute.
    ///
    /// - Returns: what is told: `firing login a`.
    @discardableResult
    mutating func run(
        _ target: String = "a", _ kind: RunKind = .login, _ found: [Finding] = [], standing: [Finding]? = nil,
        issuer: String? = nil, trusted: Bool = true, after seconds: Double = 60
    ) -> [String] {
        pass(seconds)
        return told(
            machine.observe(
                observation(target, kind, found, standing: standing, issuer: issuer, trusted: trusted),
                isMuted: muted.contains))
    }

    func observation(
        _ target: String, _ kind: RunKind, _ found: [Finding], standing: [Finding]? = nil, issuer: String? = nil,
        trusted: Bool = true
    ) -> Observation {
        var record = RunRecord(
            target: target, kind: kind, serverURL: "", username: "", clientName: "", startedAt: wallTime)
        record.findings = found
        var run = Observation(
            record, standing: standing ?? found, interval: .seconds(900), now: now, wallTime: wallTime)
        run.issuer = issuer
        run.isTrusted = trusted
        run.lastGood = WallTime(seconds: 1_700_000_000)
        run.trace = "/traces/\(target).json"
        return run
    }

    mutating func remind() -> [String] { told(machine.remind(at: now, wallTime, isMuted: muted.contains)) }

    /// A restart: what was in memory is gone, what was written is read again.
    mutating func restart() {
        let json = machine.json(at: now, wallTime)
        machine = IncidentMachine(restoring: json, thresholds: machine.thresholds, at: now, wallTime)
    }

    func told(_ notifications: [Notification]) -> [String] {
        notifications.map { "\($0.event) \($0.symptom.rawValue) \($0.targets.joined(separator: " "))" }
    }
}
