import WatchCore

/// The daemon's view as a table for a terminal.
enum StatusTable {
    private static let head = ["TARGET", "VERDICT", "SINCE", "STEP", "CHECK", "MESSAGE"]
    private static let messageLimit = 100

    /// The table, with a line for each incident, each sink that lags and each problem of the daemon itself below it.
    ///
    /// - Parameter status: what `StatusDocument` made.
    static func text(_ status: JSON) -> String {
        let rows = [head] + (status["targets"]?.array ?? []).map(row)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { text, width in text + String(repeating: " ", count: max(0, width - text.count)) }
                .joined(separator: "  ").trimmingSpaces
        }
        let incidents = (status["incidents"]?.array ?? []).map(incident)
        let sinks = (status["sinks"]?.array ?? []).compactMap(sink)
        let problems = (status["problems"]?.strings ?? []).map { "oauthwatch: \($0)" }
        return (lines + incidents + sinks + problems).map { "\($0)\n" }.joined()
    }

    private static func incident(_ incident: JSON) -> String {
        let targets = (incident["targets"]?.strings ?? []).joined(separator: ", ")
        return "alert: \(targets): \(incident["experience"]?.string ?? "") since \(incident["since"]?.string ?? "-")"
    }

    private static func sink(_ sink: JSON) -> String? {
        guard let failure = sink["failure"]?.string else { return nil }
        let waiting = sink["waiting"]?.integer ?? 0
        return "sink: \(sink["name"]?.string ?? ""): \(waiting) alert(s) wait: \(failure)"
    }

    private static func row(_ target: JSON) -> [String] {
        let columns = ["name", "verdict", "since", "step", "check"].map { target[$0]?.string ?? "-" }
        let holds = [("silence", "silenced"), ("pause", "paused")].compactMap { key, word -> String? in
            guard let hold = target[key], let until = hold["until"]?.string else { return nil }
            let reason = hold["reason"]?.string ?? ""
            return "[\(word) until \(until)\(reason.isEmpty ? "" : ": \(reason)")]"
        }
        let message = target["message"]?.string ?? ""
        let short = message.count > messageLimit ? message.prefix(messageLimit) + "…" : message
        return columns + [(holds + [short]).filter { !$0.isEmpty }.joined(separator: " ")]
    }
}
