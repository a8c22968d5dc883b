import Traces
package import WatchCore

/// `oauthwatch traces show`: a trace for people.
package enum TraceText {
    private static let bodyLines = 40
    /// Fields of answers that tell something, in the order in which they are shown.
    private static let shownFields = [
        "www-authenticate", "location", "content-type", "cache-control", "set-cookie", "server", "retry-after",
    ]

    /// The whole text.
    ///
    /// - Parameter trace: as `TraceReader` reads it.
    package static func text(_ trace: JSON) -> String {
        (head(trace) + steps(trace) + findings(trace) + exchanges(trace)).map { "\(visible($0))\n" }.joined()
    }

    private static func head(_ trace: JSON) -> [String] {
        let metadata = trace["metadata"]
        func value(_ name: String) -> String { metadata?[name].map(plain) ?? "-" }
        return [
            "\(value("target")): \(value("kind")) run, \(value("verdict"))",
            "  server    \(value("server_url")) as \(value("username"))",
            "  began     \(value("timestamp")), took \(value("duration_seconds")) s, \(value("total_requests")) requests",
        ]
    }

    private static func steps(_ trace: JSON) -> [String] {
        let steps = (trace["steps"]?.array ?? []).filter { $0["outcome"]?.string != "skipped" }
        let shown = steps.map { "\($0["step"].map(plain) ?? "") \($0["outcome"].map(plain) ?? "")" }
        return shown.isEmpty ? [] : ["  steps     \(shown.joined(separator: ", "))"]
    }

    private static func findings(_ trace: JSON) -> [String] {
        (trace["findings"]?.array ?? []).flatMap { finding -> [String] in
            func value(_ name: String) -> String { finding[name].map(plain) ?? "" }
            return ["", "\(value("severity")): \(value("check")) at \(value("step")): \(value("message"))"]
                + [("seen", "evidence"), ("remedy", "remedy"), ("source", "source")].compactMap { label, name in
                    value(name).isEmpty ? nil : "  \(label): \(value(name))"
                }
        }
    }

    private static func exchanges(_ trace: JSON) -> [String] {
        (trace["trace_log"]?.array ?? []).flatMap { entry in
            entry["type"]?.string == "request" ? request(entry) : response(entry)
        }
    }

    private static func request(_ entry: JSON) -> [String] {
        func value(_ name: String) -> String { entry[name].map(plain) ?? "" }
        return ["", "[\(value("step"))] \(value("method")) \(value("url"))"]
            + body("form", entry["data"]) + body("JSON", entry["json"]) + text(entry)
    }

    private static func response(_ entry: JSON) -> [String] {
        var lines: [String] = []
        if let status = entry["status_code"]?.integer {
            let phases = entry["phases"]?.members ?? []
            let seconds = phases.compactMap(\.value.number).reduce(0, +)
            lines.append("  -> \(status) in \(Int((seconds * 1_000).rounded())) ms")
        }
        if let error = entry["error"] {
            lines.append("  -> \(error["kind"].map(plain) ?? ""): \(error["message"].map(plain) ?? "")")
        }
        for name in shownFields {
            if let value = entry["headers"]?[name] { lines.append("     \(name): \(plain(value))") }
        }
        if let json = entry["json"], json != .null { return lines + body("JSON", json) }
        return lines + text(entry)
    }

    private static func body(_ kind: String, _ value: JSON?) -> [String] {
        guard let value, value != .null else { return [] }
        return cut(value.text(indent: 2).split(separator: "\n", omittingEmptySubsequences: false), "     ")
    }

    private static func text(_ entry: JSON) -> [String] {
        guard let text = entry["text"]?.string, !text.isEmpty else { return [] }
        return cut(text.split(whereSeparator: \.isNewline), "     ")
    }

    private static func cut(_ lines: [Substring], _ indent: String) -> [String] {
        let more = lines.count - bodyLines
        return lines.prefix(bodyLines).map { indent + $0 } + (more > 0 ? ["\(indent)(\(more) more lines)"] : [])
    }

    private static func plain(_ value: JSON) -> String { value.string ?? value.text() }

    private static func visible(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isInvisible ? " " : $0 }))
    }
}
