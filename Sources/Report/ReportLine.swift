/// A line of the report before the terminal has its say: a mark, or an indentation, and text.
enum ReportLine: Sendable, Hashable {
    case marked(Mark, String)
    /// Below the line before, by so many spaces.
    case indented(Int, String)
    case rule
    case empty

    /// The line as it is printed.
    func text(on terminal: Terminal) -> String {
        switch self {
        case .marked(let mark, let text): terminal.line(mark, text)
        case .indented(let spaces, let text): String(repeating: " ", count: spaces) + terminal.line(text)
        case .rule: String(repeating: "=", count: 60)
        case .empty: ""
        }
    }
}

extension [ReportLine] {
    /// A text of several lines, each below the line before.
    ///
    /// - Parameter limit: so many lines at most; a last line tells how many are left out.
    static func indented(_ spaces: Int, lines text: String, limit: Int) -> [ReportLine] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let more = lines.count - limit
        return lines.prefix(limit).map { .indented(spaces, String($0)) }
            + (more > 0 ? [.indented(spaces, "… \(more) more lines in the trace")] : [])
    }
}
