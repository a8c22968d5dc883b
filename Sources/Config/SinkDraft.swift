import Alerts
import WatchCore

/// A sink while it is read: which keys it must have depends on its type.
struct SinkDraft: Sendable {
    enum SinkType: String, Sendable {
        case webhook, alertmanager, command, journal
    }

    var name = ""
    /// nil: not known, which was noted.
    var type: SinkType?
    var url: WebURL?
    var secretURL: WebURL?
    var body = WebhookBody.oauthwatch
    var labels: [String: String] = [:]
    var command: [String] = []
    var targets: [String]?
    var symptoms: [Symptom]?
    var severities: [Severity]?
    var timeout = Duration.seconds(10)
    var headers = HTTPFields()
    var caFile: String?
    var allowNetworks: [IPNetwork] = []

    /// The sink that it describes; what is missing was noted by `check`.
    var sink: AlertSettings.Sink {
        let url = secretURL ?? url ?? TargetSettings.defaultRedirectURI
        let kind: AlertSettings.Sink.Kind =
            switch type {
            case .webhook, nil: .webhook(url, body)
            case .alertmanager: .alertmanager(url, labels: labels)
            case .command: .command(command)
            case .journal: .journal
            }
        var sink = AlertSettings.Sink(name: name, kind: kind)
        sink.route.targets = targets.map { Set($0) }
        if let symptoms { sink.route.symptoms = Set(symptoms) }
        if let severities {
            sink.route.severities = Set(severities)
            if symptoms == nil { sink.route.symptoms = Set(Symptom.allCases) }
        }
        (sink.timeout, sink.headers) = (timeout, headers)
        (sink.connection.caFile, sink.connection.allowNetworks) = (caFile, allowNetworks)
        return sink
    }

    /// Notes what the type needs and does not have.
    func check(at position: TextPosition, _ decoding: inout Decoding) {
        let needsURL = type == .webhook || type == .alertmanager
        if needsURL, !decoding.isAmiss("url"), !decoding.isAmiss("urlFile"), (url == nil) == (secretURL == nil) {
            decoding.inside(key: "url") {
                $0.problem(
                    at: position, url == nil ? "is missing" : "stands beside urlFile", allowed: "url or urlFile")
            }
        }
        if type == .command, !decoding.isAmiss("command"), command.first?.hasPrefix("/") != true {
            decoding.inside(key: "command") {
                $0.problem(
                    at: position, command.isEmpty ? "is missing" : "begins with no absolute path",
                    allowed: "a list: the absolute path of a program, then its arguments; no shell is used")
            }
        }
    }
}

/// A maintenance window while it is read: what `at` holds says whether it comes once or again.
struct WindowDraft: Sendable {
    var start = MaintenanceWindow.Start.weekly(days: [], minute: 0)
    var days: [Int]?
    var length = Duration.seconds(3_600)
    var targets: [String]?
    var reason = ""

    /// The window that it describes.
    var window: MaintenanceWindow {
        var start = start
        if case .weekly(_, let minute) = start { start = .weekly(days: Set(days ?? Array(0...6)), minute: minute) }
        return MaintenanceWindow(start: start, length: length, targets: targets.map { Set($0) }, reason: reason)
    }

    /// Notes days beside a date.
    func check(at position: TextPosition, _ decoding: inout Decoding) {
        guard case .at = start, days != nil else { return }
        decoding.inside(key: "days") {
            $0.problem(at: position, "stands beside a date", allowed: "days with a time of day only")
        }
    }
}
