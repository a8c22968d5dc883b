package import WatchCore

extension TargetHealth {
    /// Characters of what changed: what is wrong must have its place on the line, too.
    private static let shownChange = 100

    /// The target's line in `/health`: `NAME VERDICT since TIME step=… check=… message`, without a line end. Step,
    /// check and message are there when something is wrong.
    package var line: String {
        guard let since else { return "\(name) inconclusive since - not run yet" }
        let head = "\(name) \(verdict.rawValue) since \(since.iso8601Seconds)"
        guard let blamed else { return head }
        let changed = verdict.isGood ? nil : change
        // Who has mended it wants to know when that will show.
        let wait = blamed.check == .budgetExhausted ? nil : findings.first { $0.check == .budgetExhausted }
        let message =
            (changed.map { "changed: \($0.message.asOneLine(atMost: Self.shownChange)) | " } ?? "") + blamed.message
            + (wait.map { "; \($0.message)" } ?? "")
        return "\(head) step=\(blamed.step.rawValue) check=\(blamed.check.rawValue) \(message.asOneLine)"
    }

    /// What the server presents otherwise than was accepted; nil when nothing.
    package var change: Finding? { findings.first { $0.check == .baselineChanged } }

    /// In the service manager's status: `mcp.example failed at token since 03:12`; nil when the target is healthy.
    var shortLine: String? {
        guard let since else { return "\(name) not run yet" }
        guard verdict != .healthy else { return nil }
        let step = blamed.map { " at \($0.step.rawValue)" } ?? ""
        return "\(name) \(verdict.rawValue)\(step) since \(since.hourMinute)"
    }
}

extension String {
    /// The text on one line; what is longer than 300 characters is cut.
    package var asOneLine: String { asOneLine(atMost: 300) }

    /// The text on one line: runs of white space, controls and invisible formatting (which may turn the direction of
    /// writing) become one space.
    ///
    /// - Parameter limit: characters; the rest is cut.
    func asOneLine(atMost limit: Int) -> String {
        let words = unicodeScalars.split { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse: true
            default: false
            }
        }
        let text = words.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
        return text.count > limit ? text.prefix(limit) + "…" : text
    }
}
