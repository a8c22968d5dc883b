package import WatchCore

/// The series of the alerts.
package struct AlertMetrics: Sendable, Hashable {
    /// How many notifications had a result.
    package struct Delivery: Sendable, Hashable {
        package var result: String
        package var count: Int

        /// `count` notifications had this result.
        package init(_ result: String, _ count: Int) {
            self.result = result
            self.count = count
        }
    }

    /// One sink.
    package struct Sink: Sendable, Hashable {
        package var name: String
        /// Deliveries by their result.
        package var deliveries: [Delivery]
        package var waiting: Int
        package var oldest: WallTime?

        /// One sink.
        ///
        /// - Parameters:
        ///   - name: as configured.
        ///   - deliveries: by result, every result named.
        ///   - waiting: notifications in the outbox.
        ///   - oldest: when the oldest of them was noticed; nil when none waits.
        package init(name: String, deliveries: [Delivery], waiting: Int, oldest: WallTime?) {
            self.name = name
            self.deliveries = deliveries
            self.waiting = waiting
            self.oldest = oldest
        }
    }

    /// Open incidents of each severity.
    package var incidents: [Severity: Int]
    package var sinks: [Sink]

    /// The alerts as they stand.
    package init(incidents: [Severity: Int], sinks: [Sink]) {
        self.incidents = incidents
        self.sinks = sinks
    }

    /// The metrics of the alerts; those of sinks are left out where none is configured.
    package var families: [MetricFamily] {
        [
            MetricFamily(
                "oauthwatch_incidents", .gauge, help: "Open incidents.",
                samples: [Severity.insecure, .failure, .inconclusive, .warning].map {
                    MetricSample(Double(incidents[$0] ?? 0), [MetricLabel("severity", $0.rawValue)])
                }),
            MetricFamily(
                "oauthwatch_alert_deliveries_total", .counter,
                help: "Alerts that a sink took, did not take, or missed.",
                samples: sinks.flatMap { sink in
                    sink.deliveries.map {
                        MetricSample(
                            Double($0.count), [MetricLabel("sink", sink.name), MetricLabel("result", $0.result)])
                    }
                }),
            MetricFamily(
                "oauthwatch_alert_outbox_items", .gauge, help: "Alerts that wait for a sink.",
                samples: sinks.map { MetricSample(Double($0.waiting), [MetricLabel("sink", $0.name)]) }),
            MetricFamily(
                "oauthwatch_alert_outbox_oldest_timestamp_seconds", .gauge,
                help: "When the oldest alert that waits for a sink was noticed; 0 when none waits.",
                samples: sinks.map { MetricSample($0.oldest?.seconds ?? 0, [MetricLabel("sink", $0.name)]) }),
        ]
    }
}
