import CommandIO
import Glibc
import Logging
import Systemd
import WatchCore

/// Where log entries go, and in which form.
enum LogForm: Sendable, Hashable {
    /// Lines on standard error: time, level, message, then `key=value` pairs.
    case text
    /// A JSON object a line on standard error.
    case json
    /// Entries with fields in systemd's journal.
    case journal

    /// The form that an operator asked for.
    ///
    /// - Parameter name: `text` or `json`; nil chooses the journal where standard error goes there, else text.
    /// - Returns: nil for another name.
    init?(named name: String?) {
        switch name {
        case nil: self = Journal.takesStandardError ? .journal : .text
        case "text": self = .text
        case "json": self = .json
        default: return nil
        }
    }
}

/// The daemon's log.
struct DaemonLog: LogHandler {
    let form: LogForm
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    /// A logger for the daemon.
    static func logger(level: Logger.Level, form: LogForm) -> Logger {
        Logger(label: "oauthwatch") { _ in DaemonLog(form: form, logLevel: level) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let entry = LogEntry(
            at: SystemClock().wallTime, level: event.level, message: "\(event.message)",
            fields: fields.mapValues { "\($0)" })
        guard form == .journal else {
            Console.errorLine(form == .json ? entry.json : entry.text)
            return
        }
        do throws(SystemdError) { try Journal.send(entry.journalFields) } catch {
            // The journal reads standard error, too; what it would not take as an entry it may take as a line.
            Console.errorLine("<\(entry.priority)>\(entry.text)")
        }
    }
}
