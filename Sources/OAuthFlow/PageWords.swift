import HTMLForms
import WatchCore

/// What a page says in answer to its form: the lines that were not there when the form was first shown.
struct PageWords: Sendable {
    private var form: FormSubmission?
    private var first: HTTPResponse?
    private var latest: HTTPResponse?

    /// Lines that are quoted, and characters of each.
    private static let limits = (lines: 3, characters: 160)

    /// Notes a page with a form that will be sent.
    mutating func show(_ page: HTTPResponse, _ form: FormSubmission) {
        let isSame = self.form.map { $0.url.path == form.url.path && $0.fieldNames == form.fieldNames } ?? false
        if !isSame { (self.form, first) = (form, page) }
        latest = page
    }

    /// What the page says that was shown last, after its form had been sent before.
    var news: [String] { latest.map(news) ?? [] }

    /// The lines of `page` that the page with the form did not have.
    func news(of page: HTTPResponse) -> [String] {
        let known = Set(first.map(Self.lines) ?? [])
        let fresh = Self.lines(of: page).filter { !known.contains($0) }
        return fresh.prefix(Self.limits.lines).map { String($0.prefix(Self.limits.characters)) }
    }

    private static func lines(of page: HTTPResponse) -> [String] {
        VisibleText(bytes: page.body, contentType: page.fields["content-type"]).lines
    }

    /// `; the page says: “…”`; nothing when there is nothing to quote.
    static func quoted(_ lines: [String]) -> String {
        lines.isEmpty ? "" : "; the page says: “\(lines.joined(separator: " / "))”"
    }

    /// Whether the login is refused for a reason that is not the password.
    static func speaksOfALock(_ lines: [String]) -> Bool {
        let text = lines.joined(separator: " ").lowercased()
        return ["locked", "too many", "suspended", "blocked", "gesperrt", "verrouill", "bloquead", "ロック", "锁定"]
            .contains { text.holds($0) }
    }
}
