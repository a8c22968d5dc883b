import CommandIO
import Logging
import Systemd
import WatchCore

/// One entry of the log, ready to be written in any form.
struct LogEntry: Sendable {
    private let time: WallTime
    private let level: Logger.Level
    private let message: String
    private let kind: EventKind?
    /// In alphabetical order.
    private let fields: [(key: String, value: String)]

    /// An entry.
    ///
    /// - Parameters:
    ///   - time: when it happened.
    ///   - level: how bad it is.
    ///   - message: what happened; it is put on one line.
    ///   - fields: what else there is to say; the one named `EventKind.key` says what kind of event it is.
    init(at time: WallTime, level: Logger.Level, message: String, fields: [String: String]) {
        self.time = time
        self.level = level
        self.message = Console.oneLine(message)
        kind = fields[EventKind.key].flatMap(EventKind.init(rawValue:))
        self.fields = fields.filter { $0.key != EventKind.key }.sorted { $0.key < $1.key }
            .map { ($0.key, Console.oneLine($0.value)) }
    }

    /// Time, level, message, then `key=value` pairs.
    var text: String {
        let tail = fields.map { " \($0.key)=\(Self.quoted($0.value))" }.joined()
        return "\(time.iso8601Seconds) \(level) \(message)\(tail)"
    }

    /// A JSON object on one line.
    var json: String {
        var members = [
            JSON.Member("time", .string(time.iso8601Seconds)), JSON.Member("level", .string(level.rawValue)),
            JSON.Member("message", .string(message)),
        ]
        if let kind { members.append(JSON.Member(EventKind.key, .string(kind.rawValue))) }
        members += fields.map { JSON.Member($0.key, .string($0.value)) }
        return String(decoding: JSON.object(members).bytes(), as: UTF8.self)
    }

    /// What goes into the journal: the field `target` becomes `OAUTHWATCH_TARGET`.
    ///
    /// Source: systemd.journal-fields(7).
    var journalFields: [Journal.Field] {
        var all = [
            Journal.Field("MESSAGE", message), Journal.Field("PRIORITY", "\(priority)"),
            Journal.Field("SYSLOG_IDENTIFIER", "oauthwatch"),
        ]
        if let kind { all.append(Journal.Field("MESSAGE_ID", kind.messageID)) }
        return all + fields.map { Journal.Field("OAUTHWATCH_\(Self.upperCased($0.key))", $0.value) }
    }

    /// The level as syslog numbers it.
    ///
    /// Source: syslog(3).
    var priority: Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func quoted(_ line: String) -> String {
        guard line.contains(where: { $0 == " " || $0 == "\"" }) || line.isEmpty else { return line }
        return "\"\(line.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))\""
    }

    private static func upperCased(_ key: String) -> String {
        String(
            String.UnicodeScalarView(
                key.uppercased().unicodeScalars.map { scalar in
                    ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) ? scalar : "_"
                }))
    }
}
