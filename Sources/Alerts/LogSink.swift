/// Writes notifications into the log, and so into systemd's journal where there is one.
package struct LogSink: AlertSink {
    private let write: @Sendable (Notification) -> Void

    /// - Parameter write: logs one notification.
    package init(write: @escaping @Sendable (Notification) -> Void) { self.write = write }

    package func deliver(_ notifications: [Notification]) async throws(DeliveryFailure) { notifications.forEach(write) }
}
