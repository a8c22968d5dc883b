import Logging
import Systemd
import WatchCore

/// systemd, when it listens. A message that it does not take is logged and changes nothing else.
struct ServiceManager: Sendable {
    private let notifier = Notifier()
    private let log: Logger
    /// Within which time systemd wants a sign of life; nil without a watchdog.
    let watchdogInterval: Duration?

    /// Takes over what the service manager put into the environment; to be made first of all, and once.
    init(log: Logger) {
        self.log = log
        do throws(SystemdError) {
            watchdogInterval = try Notifier.takeWatchdogInterval()
        } catch {
            log.warning("no watchdog", metadata: ["reason": "\(error)"])
            watchdogInterval = nil
        }
    }

    /// Passes messages on, one by one.
    func tell(_ messages: [NotifyMessage]) {
        for message in messages { attempt { () throws(SystemdError) in try notifier.send(message) } }
    }

    /// Says that a reload begins; `ready` ends it.
    func tellReloading() { attempt { () throws(SystemdError) in try notifier.sendReloading() } }

    /// Asks for more time, again and again, while `body` works; not for ever, so that what hangs is ended.
    ///
    /// - Parameters:
    ///   - clock: tells when to ask again.
    ///   - limit: in all.
    func extending<Result: Sendable, Failure: Error>(
        _ clock: any WatchClock, limit: Duration = .seconds(120), _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let end = clock.now + limit
        tell([.extendTimeout(Self.moreTime)])
        let asking = Task {
            while clock.now < end {
                try await clock.sleep(until: clock.now + Self.moreTime / 3)
                tell([.extendTimeout(Self.moreTime)])
            }
        }
        defer { asking.cancel() }
        return try await body()
    }

    private static let moreTime = Duration.seconds(15)

    private func attempt(_ send: () throws(SystemdError) -> Void) {
        do throws(SystemdError) { try send() } catch {
            log.warning("systemd does not listen", metadata: ["reason": "\(error)"])
        }
    }
}
