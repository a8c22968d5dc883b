import HTMLForms
import OAuthFlow
import WatchCore

/// Makes an account through the server's own form: GET `/register_user`, then what a browser would send.
struct WebRegistration {
    /// What became of it, each with words for a person.
    enum Result: Sendable, Hashable {
        case created(String), exists(String), refused(String)
        /// The form was sent, and the answer tells neither.
        case unsure(String)
        /// Nothing was sent: there is no form, or none that can be filled or trusted.
        case unavailable(String)
    }

    private static let maximumRedirects = 5

    private let page: WebURL
    private let account: Account
    /// Refuses secrets to other origins than the configured one.
    private let transport: any HTTPTransport
    private let clock: any WatchClock
    private var cookies = CookieJar()

    /// Registration at the origin of `server`.
    init(server: WebURL, account: Account, transport: any HTTPTransport, clock: any WatchClock) {
        page = server.replacingPath("/register_user")
        self.account = account
        self.transport = transport
        self.clock = clock
    }

    /// Fetches the form and sends it, once.
    mutating func register() async -> Result {
        let (response, url): (HTTPResponse, WebURL)
        do throws(TransportFailure) {
            (response, url) = try await fetch(page)
        } catch {
            return .unavailable("\(page): \(error.message)")
        }
        switch submission(on: response, at: url) {
        case .success(let submission):
            let lines = VisibleText(bytes: response.body, contentType: response.fields["content-type"]).lines
            return await submit(submission, from: Referrer(read(response, url), response.fields), before: Set(lines))
        case .failure(let reason): return .unavailable("\(url.origin)\(url.path): \(reason.message)")
        }
    }

    private struct Unusable: Error {
        var message: String
    }

    /// What to send after the first answer.
    private func submission(on response: HTTPResponse, at url: WebURL) -> Swift.Result<FormSubmission, Unusable> {
        guard response.status == 200 || response.status == 405 else {
            return .failure(Unusable(message: "answered \(response.status), no form"))
        }
        let page = read(response, url)
        if response.status == 405 || page.forms.isEmpty {
            let captcha = page.browserNeed.flatMap { $0.hasPrefix("CAPTCHA") ? $0 : nil }
            if let captcha { return .failure(Unusable(message: "needs a browser: \(captcha)")) }
            guard url == self.page else { return .failure(Unusable(message: "a page without any form")) }
            return .success(plainForm)
        }
        switch signUp(page) {
        case .submit(let submission) where submission.method == "POST": return .success(submission)
        case .submit: return .failure(Unusable(message: "the form would put the password into a URL (method GET)"))
        case .ambiguous(let forms):
            return .failure(Unusable(message: "several forms could be it: \(forms.joined(separator: "; "))"))
        case .needsBrowser(let what): return .failure(Unusable(message: "needs a browser: \(what)"))
        case .nothing(let what): return .failure(Unusable(message: what))
        case .leavesWeb(let address): return .failure(Unusable(message: "the form posts to \(address)"))
        case .follow, .passwordFieldMissing, .passwordNotConfigured:
            return .failure(Unusable(message: "no form that makes an account"))
        }
    }

    /// What the first user's server takes where it shows no form.
    private var plainForm: FormSubmission {
        let password = account.password.reveal()
        return FormSubmission(
            to: page,
            [
                FormPair("username", account.username), FormPair("email", account.email),
                FormPair("password", password), FormPair("confirm_password", password),
            ])
    }

    private mutating func submit(_ submission: FormSubmission, from page: Referrer, before: Set<String>) async -> Result
    {
        var request = HTTPRequest(
            .authentication, submission.method, submission.url,
            fields: ["Accept": Self.accept], body: submission.body, carriesSecret: true)
        page.mark(&request)
        request.fields["Cookie"] = cookies.header(for: submission.url, now: clock.wallTime)
        let answer: RegistrationAnswer
        do throws(TransportFailure) {
            let response = try await transport.send(request)
            cookies.store(response, from: submission.url, now: clock.wallTime)
            answer = try await follow(response, to: submission, before: before)
        } catch {
            let refused: Set<TransportFailure.Kind> = [.originRefused, .addressRefused, .connectionRefused]
            let words = "\(submission.url.origin)\(submission.url.path): \(error.message)"
            return refused.contains(error.kind) ? .unavailable(words) : .unsure(words)
        }
        switch answer.verdict {
        case .created(let words): return .created(words)
        case .exists(let words): return .exists(words)
        case .refused(let words): return .refused(words)
        case .unsure(let words): return .unsure(words)
        }
    }

    /// Goes where the answer redirects to, as a browser would after a form.
    private mutating func follow(
        _ response: HTTPResponse, to submission: FormSubmission, before: Set<String>
    ) async throws(TransportFailure) -> RegistrationAnswer {
        var (last, url) = (response, submission.url)
        if [301, 302, 303].contains(response.status), let next = Self.location(response, at: url) {
            (last, url) = try await fetch(next)
        }
        let page = read(last, url)
        var asksAgain = false
        if case .submit(let again) = signUp(page) { asksAgain = again.url.path == submission.url.path }
        return RegistrationAnswer(response: last, url: url, before: before, asksAgain: asksAgain)
    }

    /// GET, and on along redirects.
    private mutating func fetch(_ url: WebURL) async throws(TransportFailure) -> (HTTPResponse, WebURL) {
        var url = url
        for _ in 0...Self.maximumRedirects {
            var request = HTTPRequest(.authentication, "GET", url, fields: ["Accept": Self.accept])
            if let header = cookies.header(for: url, now: clock.wallTime) {
                request.fields["Cookie"] = header
                request.carriesSecret = true
            }
            let response = try await transport.send(request)
            cookies.store(response, from: url, now: clock.wallTime)
            guard [301, 302, 303, 307, 308].contains(response.status), let next = Self.location(response, at: url)
            else { return (response, url) }
            url = next
        }
        throw TransportFailure(.malformed, "more than \(Self.maximumRedirects) redirects")
    }

    private func read(_ response: HTTPResponse, _ url: WebURL) -> HTMLPage {
        HTMLPage(bytes: response.body, contentType: response.fields["content-type"], url: url)
    }

    private func signUp(_ page: HTMLPage) -> PageAction {
        page.signUp(username: account.username, email: account.email, password: account.password)
    }

    private static func location(_ response: HTTPResponse, at url: WebURL) -> WebURL? {
        response.fields["location"].flatMap { url.resolving($0) }
    }

    private static let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
}
