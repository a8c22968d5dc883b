import Config
import Alerts
import Health
import LocalServer
import Metrics
import WatchCore

/// What the local port serves.
struct Pages {
    let board: Board
    let clock: any WatchClock

    /// The routes, by path.
    var routes: [String: LocalRoute] {
        [
            "/": { _ in landing },
            "/health": health,
            "/metrics": metrics,
            "/api/v1/status": { _ in
                let status = StatusDocument(view: board.view, now: clock.wallTime)
                return LocalResponse(contentType: "application/json", body: status.json.bytes(indent: 1) + [10])
            },
            "/-/healthy": { _ in LocalResponse(body: "oauthwatch is healthy\n") },
            "/-/ready": { _ in
                board.view.isReady
                    ? LocalResponse(body: "oauthwatch is ready\n")
                    : LocalResponse(status: 503, body: "oauthwatch is starting\n")
            },
        ]
    }

    /// What POST does, by path, as far as the configuration wants it.
    func actions(_ configuration: Configuration) -> [String: LocalRoute] {
        guard configuration.reloadEndpoint else { return [:] }
        return [
            "/-/reload": { _ in
                ProcessSignals.wishReload()
                return LocalResponse(
                    status: 202,
                    body:
                        "The configuration is read again; oauthwatch_config_last_reload_successful tells the outcome.\n"
                )
            }
        ]
    }

    private func health(_ request: LocalRequest) -> LocalResponse {
        let view = board.view
        let wanted = request.query("target")
        let shown = view.targets.map(\.health).filter { wanted == nil || $0.name == wanted }
        if let wanted, shown.isEmpty {
            return LocalResponse(status: 404, body: "no target has that name: \(Self.printable(wanted))\n")
        }
        let problems = view.problems.sorted { $0.key < $1.key }.map(\.value)
        let now = clock.wallTime
        let notes = shown.map { ($0.name, view.note(on: $0.name, at: now)) }
        let page = HealthPage.text(
            shown, problems: problems, notes: Dictionary(notes, uniquingKeysWith: { first, _ in first }))
        return LocalResponse(status: page.status, body: page.body)
    }

    private func metrics(_ request: LocalRequest) -> LocalResponse {
        let view = board.view
        let targets = TargetMetrics.families(
            view.targets.map(\.metrics), at: clock.wallTime, stepHistograms: view.showsStepHistograms)
        let families =
            targets + view.daemon.families + AlertMetrics(view.alerts).families
            + (ProcessMetrics.current()?.families ?? [])
        let format = Exposition(accept: request.fields["accept"])
        return LocalResponse(contentType: format.contentType, body: format.text(families))
    }

    private var landing: LocalResponse {
        let html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>oauthwatch</title></head>
            <body><h1>oauthwatch \(Version.text)</h1>
            <p>Watches whether users can log in, stay logged in, and nobody else can get in.</p>
            <ul><li><a href="/health">health</a>: a line a target</li>
            <li><a href="/metrics">metrics</a>: for Prometheus</li>
            <li><a href="/api/v1/status">status</a>: all of it as JSON</li>
            <li><a href="/-/healthy">healthy</a>, <a href="/-/ready">ready</a>: the daemon itself</li></ul>
            </body></html>

            """
        return LocalResponse(contentType: "text/html; charset=utf-8", body: html)
    }

    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.filter { $0.isASCII && $0.value > 31 && $0.value != 127 }.map(Character.init).prefix(
                100))
    }
}

extension AlertMetrics {
    /// The alerts as the board has them.
    init(_ view: AlertView) {
        var incidents: [Severity: Int] = [:]
        for incident in view.incidents { incidents[incident.symptom.severity, default: 0] += 1 }
        let sinks = view.sinks.map { sink in
            Sink(
                name: sink.name,
                deliveries: DeliveryResult.allCases.map { Delivery($0.rawValue, sink.counts[$0] ?? 0) },
                waiting: sink.waiting, oldest: sink.oldest)
        }
        self.init(incidents: incidents, sinks: sinks)
    }
}
