import Logging
import Systemd
import WatchCore

/// systemd, when it listens. A message that it does not take is logged and changes nothing else.
struct ServiceManager: Sendable {
    private let notifier = Notifier()
    private let log: Logger
    /// Within which time systemd wants a sign of life; nil without a watchdog.
    let watchdogInterval: Duration?

    init(log: Logger) {
        self.log = log
        do throws(SystemdError) {
            watchdogInterval = try Notifier.watchdogInterval()
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

    private func attempt(_ send: () throws(SystemdError) -> Void) {
        do throws(SystemdError) { try send() } catch {
            log.warning("systemd does not listen", metadata: ["reason": "\(error)"])
        }
    }
}
