import CommandIO
import Logging
import Synchronization
import WatchCore

/// Log lines on standard error: time, level, message, then `key=value` pairs. systemd's journal takes them as they are.
struct PlainLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    /// A logger for the daemon.
    static func logger(level: Logger.Level) -> Logger {
        Logger(label: "oauthwatch") { _ in PlainLog(logLevel: level) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let tail = pairs.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
        Console.errorLine(
            "\(SystemClock().wallTime.iso8601Seconds) \(event.level) \(Console.oneLine("\(event.message)"))\(tail)")
    }

    private static func quoted(_ text: String) -> String {
        let line = Console.oneLine(text)
        guard line.contains(where: { $0 == " " || $0 == "\"" }) || line.isEmpty else { return line }
        return "\"\(line.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))\""
    }
}
