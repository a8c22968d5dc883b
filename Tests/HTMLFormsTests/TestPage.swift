import HTMLForms
import WatchCore

/// A page for a test, as if it came from `https://as.example/login?next=1`.
enum TestPage {
    static let address = "https://as.example/login?next=1"
    static let redirect = "http://localhost:3000/callback"

    static func read(_ html: String, at address: String = Self.address, type: String? = "text/html; charset=utf-8")
        throws -> HTMLPage
    {
        guard let url = WebURL(address) else { throw Malformed() }
        return HTMLPage(bytes: Array(html.utf8), contentType: type, url: url)
    }

    /// What the user `alice` with the password `s3cret` would do with the page.
    static func action(
        _ html: String, hints: LoginHints = LoginHints(), submittedUsername: Bool = false,
        submittedPassword: Bool = false, password: String? = "s3cret"
    ) throws -> PageAction {
        guard let redirectURI = WebURL(redirect) else { throw Malformed() }
        return try read(html).nextAction(
            username: "alice", password: password.map { Secret($0) }, redirectURI: redirectURI, hints: hints,
            submittedUsername: submittedUsername, submittedPassword: submittedPassword)
    }

    /// One line for an action: `POST URL BODY`, `GET URL`, `follow URL` or the name of the case and its text.
    static func line(_ action: PageAction) -> String {
        switch action {
        case .submit(let submission): line(submission)
        case .follow(let url): "follow \(url)"
        case .leavesWeb(let address): "leaves the web: \(address)"
        case .ambiguous(let forms): "ambiguous \(forms.count)"
        case .needsBrowser(let need): "needs browser: \(need)"
        case .passwordFieldMissing: "password field missing"
        case .passwordNotConfigured: "no password is configured"
        case .nothing(let reason): "nothing: \(reason)"
        }
    }

    /// One line for a submission.
    static func line(_ submission: FormSubmission) -> String {
        guard let body = submission.body else { return "\(submission.method) \(submission.url)" }
        return "\(submission.method) \(submission.url) \(String(decoding: body.bytes, as: UTF8.self))"
    }

    struct Malformed: Error {}
}
