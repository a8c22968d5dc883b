import Alerts
import CurlHTTP
import Egress
import Glibc
import StateStore
import WatchCore

/// The alerts of a daemon whose runs are made up: the soak kills it, and looks at what its webhook got.
///
///     alert-soak run STATE-DIRECTORY URL COUNT    COUNT runs with random faults, a dot for each, then it ends
///     alert-soak settle STATE-DIRECTORY URL       good runs for every target, and ends when the outbox is empty
@main
enum Entry {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let url = WebURL(arguments[3]) else { exit(EX_USAGE) }
        let count = arguments.count > 4 ? Int(arguments[4]) : nil
        signal(SIGPIPE, SIG_IGN)
        let stage = try await Stage(directory: arguments[2], url: url)
        let center = Task { await stage.center.run() }
        if let count { await stage.play(count) } else { await stage.settle() }
        center.cancel()
        await center.value
        stage.driver.stop()
    }
}

/// Targets whose fortune changes at random, and the alerts about them.
struct Stage: Sendable {
    static let targets = (0..<20).map { "target-\($0)" }

    let center: AlertCenter
    let driver: CurlDriver
    private let view: LatestView
    private let clock = SystemClock()

    init(directory: String, url: WebURL) async throws {
        driver = try CurlDriver()
        let documents = try DocumentStore(directory: directory) { print("set aside: \($0)") }
        var settings = AlertSettings()
        settings.thresholds.firstReminder = .seconds(2)
        settings.thresholds.laterReminders = .seconds(3)
        var sink = AlertSettings.Sink(name: "hook", kind: .webhook(url, .oauthwatch))
        sink.route.symptoms = Set(Symptom.allCases)
        settings.sinks = [sink]
        let transport = CurlTransport(
            driver: driver, settings: ConnectionSettings(), timeout: .milliseconds(400),
            addressPolicy: OriginAddressPolicy(server: url, allowNetworks: []), userAgent: "alert-soak")
        var parts = AlertParts(settings, report: { _, _ in }) { _ in
            WebhookSink(url: url, body: .oauthwatch, headers: [:], transport: transport)
        }
        parts.limits.window = .seconds(1)
        parts.limits.firstRetry = .milliseconds(20)
        parts.limits.longestRetry = .milliseconds(200)
        let view = LatestView()
        self.view = view
        center = await AlertCenter(
            parts: parts, memory: Document(documents: documents), targets: Set(Self.targets), clock: clock,
            isMuted: { _ in false },
            show: { view.set($0) })
    }

    /// Runs with random faults, as fast as they can be taken.
    func play(_ count: Int) async {
        var fortunes: [String: Fortune] = [:]
        for _ in 0..<count {
            let target = Self.targets.randomElement() ?? "target-0"
            var fortune = fortunes[target] ?? Fortune.allCases.randomElement() ?? .good
            if Int.random(in: 0..<6) == 0 { fortune = Fortune.allCases.randomElement() ?? .good }
            fortunes[target] = fortune
            observe(target, fortune)
            var dot = UInt8(ascii: ".")
            write(STDOUT_FILENO, &dot, 1)
            try? await clock.sleep(until: clock.now + .milliseconds(Int64.random(in: 0...6)))
        }
    }

    /// Everybody is well again, and everything that was to be told arrives.
    func settle() async {
        for _ in 0..<4 { for target in Self.targets { observe(target, .good) } }
        while !view.isSettled { try? await clock.sleep(until: clock.now + .milliseconds(50)) }
    }

    private func observe(_ target: String, _ fortune: Fortune) {
        let kind: RunKind = fortune == .good || fortune == .ill || Bool.random() ? .login : .session
        var record = RunRecord(
            target: target, kind: kind, serverURL: "", username: "", clientName: "", startedAt: clock.wallTime)
        record.findings = fortune.findings
        var run = Observation(
            record, standing: fortune.findings, interval: .milliseconds(500), now: clock.now,
            wallTime: clock.wallTime)
        // Two share an issuer each, so that incidents have several targets.
        run.issuer = target.last.map { "https://issuer-\($0).example" }
        center.observe(run)
    }
}

/// How a target fares for a while.
enum Fortune: CaseIterable {
    case good, outage, sessionDead, open, slow, ill

    var findings: [Finding] {
        switch self {
        case .good: []
        case .outage: [Finding(.tokenStatus, .failure, "answers 500")]
        case .sessionDead: [Finding(.sessionRefresh, .failure, "the refresh token is dead")]
        case .open: [Finding(.mcpNoToken, .insecure, "answers without a token")]
        case .slow: [Finding(.discoveryIssuer, .warning, "a slash apart")]
        case .ill: [Finding(.monitorNetwork, .inconclusive, "no network here")]
        }
    }
}
