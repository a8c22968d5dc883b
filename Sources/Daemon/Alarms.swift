import Alerts
import CurlHTTP
import Egress
import Health
import Logging
import StateStore
import WatchCore

/// The daemon's alerts: sinks over this process's network, kept in its state directory, shown on its board.
struct Alarms: Sendable {
    let center: AlertCenter
    private let workshop: SinkWorkshop

    /// The alerts as they were left by an earlier process.
    ///
    /// - Throws: `ThreadFailure` when there is no thread for a sink that needs one.
    init(
        _ settings: AlertSettings, targets: Set<String>, driver: CurlDriver, documents: DocumentStore, board: Board,
        clock: any WatchClock,
        log: Logger
    ) async throws(ThreadFailure) {
        workshop = SinkWorkshop(driver: driver, clock: clock, log: log)
        board.update { $0.maintenance = settings.maintenance }
        center = await AlertCenter(
            parts: try workshop.parts(settings), memory: AlertDocument(documents: documents, log: log),
            targets: targets, clock: clock,
            isMuted: { board.view.isMuted($0, at: clock.wallTime) },
            show: { view in
                board.update { board in
                    board.alerts = view
                    board.problems[.alerts] = view.problem.map { "alerts would not outlive a restart: \($0)" }
                }
            })
    }

    /// Takes another configuration over. When a sink cannot be made, everything stays as it was.
    func configure(_ settings: AlertSettings, targets: Set<String>, board: Board) async {
        do throws(ThreadFailure) {
            let parts = try workshop.parts(settings)
            board.update { $0.maintenance = settings.maintenance }
            await center.configure(parts, targets: targets)
        } catch {
            workshop.log.error("the sinks of alerts stay as they were: \(error.message)")
        }
    }
}

/// Makes sinks.
private struct SinkWorkshop: Sendable {
    let driver: CurlDriver
    let clock: any WatchClock
    let log: Logger

    func parts(_ settings: AlertSettings) throws(ThreadFailure) -> AlertParts {
        let heartbeat = settings.heartbeat.map { url in
            Heartbeat(url: url, transport: transport(url, ConnectionSettings(), .seconds(10)))
        }
        return try AlertParts(settings, heartbeat: heartbeat, report: report) { (settings) throws(ThreadFailure) in
            try sink(settings)
        }
    }

    private func report(_ sink: String, _ failure: String?) {
        if let failure {
            log.tell(.alertNotDelivered, .error, "\(sink) does not take alerts: \(failure)", ["sink": sink])
        } else {
            log.notice("\(sink) takes alerts again", metadata: ["sink": "\(sink)"])
        }
    }

    private func sink(_ settings: AlertSettings.Sink) throws(ThreadFailure) -> any AlertSink {
        switch settings.kind {
        case .webhook(let url, let body):
            return WebhookSink(
                url: url, body: body, headers: settings.headers,
                transport: transport(url, settings.connection, settings.timeout))
        case .alertmanager(let url, let labels):
            return AlertmanagerSink(
                url: url, headers: settings.headers, labels: labels,
                transport: transport(url, settings.connection, settings.timeout), clock: clock)
        case .command(let arguments): return try CommandSink(arguments, timeout: settings.timeout)
        case .journal:
            return LogSink { [log] notification in
                var fields = [
                    "target": notification.targets.joined(separator: " "), "symptom": notification.symptom.rawValue,
                    "incident": notification.incident, "alert": notification.event.rawValue,
                ]
                (fields["step"], fields["check"]) = (notification.facts.step, notification.facts.check)
                fields["trace"] = notification.facts.trace
                let isBad = [.firing, .joined, .reminder].contains(notification.event)
                log.tell(
                    .alert, isBad ? .error : .notice, "\(notification.title), \(notification.facts.message)", fields)
            }
        }
    }

    /// To the named origin only: nothing is redirected, TLS is verified, and the name may not lead to a nearer network
    /// than at first.
    private func transport(
        _ url: WebURL, _ connection: ConnectionSettings, _ timeout: Duration
    ) -> any HTTPTransport {
        CurlTransport(
            driver: driver, settings: connection, timeout: timeout,
            addressPolicy: OriginAddressPolicy(server: url, allowNetworks: connection.allowNetworks),
            userAgent: WatchCore.Version.userAgent)
    }
}

/// The alerts' document in the state directory.
private struct AlertDocument: AlertMemory {
    private static let name = "alerts"

    let documents: DocumentStore
    let log: Logger

    func load() async -> JSON? {
        do throws(StateStoreError) { return try await documents.read(Self.name) } catch {
            log.error("earlier alerts are not known: \(error)")
            return nil
        }
    }

    func save(_ json: JSON) async -> String? {
        do throws(StateStoreError) {
            try await documents.write(Self.name, json)
            return nil
        } catch {
            return error.message
        }
    }
}

extension Board.View {
    /// Whether nobody wants to hear of a target now: it is silenced, paused or under maintenance.
    func isMuted(_ target: String, at now: WallTime) -> Bool {
        holds.hold(.silence, of: target, at: now) != nil || holds.hold(.pause, of: target, at: now) != nil
            || maintenance.contains { $0.covers(target, at: now) }
    }

    /// What stands at the end of a target's line: ` [silenced until TIME: reason]`, ` [maintenance: reason]`.
    func note(on target: String, at now: WallTime) -> String {
        let windows = maintenance.filter { $0.covers(target, at: now) }
        let names = windows.map { $0.reason.isEmpty ? " [maintenance]" : " [maintenance: \($0.reason.asOneLine)]" }
        return holds.suffix(for: target, at: now) + names.joined()
    }
}
