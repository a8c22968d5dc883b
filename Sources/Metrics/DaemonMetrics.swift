package import WatchCore

/// The series of the daemon itself.
package struct DaemonMetrics: Sendable, Hashable {
    package var version: String
    /// Whether the state directory could be written when last tried.
    package var isStateWritable = true
    /// How late the last run began, against its plan.
    package var schedulerLag: Duration = .zero
    package var isLastReloadSuccessful: Bool
    /// When the configuration in use was read.
    package var lastSuccessfulReload: WallTime
    /// Traces that could not be written.
    package var traceWriteErrors: UInt64 = 0

    /// A daemon that has just read its configuration.
    ///
    /// - Parameters:
    ///   - version: of the program.
    ///   - configuredAt: when the configuration was read.
    package init(version: String, configuredAt: WallTime) {
        self.version = version
        isLastReloadSuccessful = true
        lastSuccessfulReload = configuredAt
    }

    /// The metrics of the daemon.
    package var families: [MetricFamily] {
        [
            MetricFamily(
                "oauthwatch_build_info", .info, help: "The version of oauthwatch that runs.",
                samples: [MetricSample(1, [MetricLabel("version", version)])]),
            MetricFamily(
                "oauthwatch_state_writable", .gauge, help: "Whether the state directory can be written.",
                value: isStateWritable ? 1 : 0),
            MetricFamily(
                "oauthwatch_scheduler_lag_seconds", .gauge, help: "How late the last run began.",
                value: schedulerLag.seconds),
            MetricFamily(
                "oauthwatch_config_last_reload_successful", .gauge,
                help: "Whether the configuration was good when last read.", value: isLastReloadSuccessful ? 1 : 0),
            MetricFamily(
                "oauthwatch_config_last_reload_success_timestamp_seconds", .gauge,
                help: "When the configuration in use was read.", value: lastSuccessfulReload.seconds),
            MetricFamily(
                "oauthwatch_trace_write_errors_total", .counter, help: "Traces that could not be written.",
                value: Double(traceWriteErrors)),
        ]
    }
}
