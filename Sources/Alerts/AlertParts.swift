/// Where notifications go, ready to be used.
package struct AlertParts: Sendable {
    package var thresholds: IncidentMachine.Thresholds
    /// The sinks' names in the order of the configuration.
    package var names: [String]
    package var sinks: [String: any AlertSink]
    package var routes: [String: AlertRoute]
    package var unlimited: Set<String>
    package var heartbeat: Heartbeat?
    /// Of the outbox; taken at the start.
    package var limits = Outbox.Limits()
    /// Told when a sink begins to fail, with the reason, and when it works again, with nil.
    package var report: @Sendable (_ sink: String, _ failure: String?) -> Void

    /// The parts that the settings describe.
    ///
    /// - Parameters:
    ///   - settings: as configured.
    ///   - heartbeat: the dead man's switch; nil: none.
    ///   - report: told when a sink begins to fail or works again.
    ///   - make: makes a sink.
    package init<Failure: Error>(
        _ settings: AlertSettings, heartbeat: Heartbeat? = nil,
        report: @escaping @Sendable (_ sink: String, _ failure: String?) -> Void,
        make: (AlertSettings.Sink) throws(Failure) -> any AlertSink
    ) throws(Failure) {
        thresholds = settings.thresholds
        names = settings.sinks.map(\.name)
        sinks = [:]
        routes = [:]
        unlimited = settings.unlimited
        self.heartbeat = heartbeat
        self.report = report
        for sink in settings.sinks {
            sinks[sink.name] = try make(sink)
            routes[sink.name] = sink.route
        }
    }
}
