package import WatchCore

/// What the configuration says about alerts, checked and with its defaults filled in.
package struct AlertSettings: Sendable, Hashable {
    package var thresholds = IncidentMachine.Thresholds()
    package var sinks: [Sink] = []
    package var maintenance: [MaintenanceWindow] = []
    /// The dead man's switch; nil: none.
    package var heartbeat: WebURL?

    /// No alerts go anywhere.
    package init() {}

    /// Where notifications go.
    package struct Sink: Sendable, Hashable {
        package var name: String
        package var kind: Kind
        package var route = AlertRoute()
        /// For one delivery.
        package var timeout = Duration.seconds(10)
        package var headers = HTTPFields()
        package var connection = ConnectionSettings()

        /// The kinds of sink.
        package enum Kind: Sendable, Hashable {
            case webhook(WebURL, WebhookBody)
            case alertmanager(WebURL, labels: [String: String])
            /// The program's absolute path and its arguments.
            case command([String])
            case journal
        }

        /// A sink that gets what `route` says.
        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// Sinks that take any number of notifications.
    package var unlimited: Set<String> {
        Set(
            sinks.filter {
                if case .alertmanager = $0.kind { true } else { false }
            }.map(\.name))
    }
}
