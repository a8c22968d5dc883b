package import HTMLForms
package import WatchCore

/// Walks from the authorization endpoint to the redirect URI, as a browser with a patient user would.
///
/// Pure: is told each answer and says what to do next.
package struct LoginWalk: Sendable {
    /// What to do next.
    package enum Move: Sendable {
        case fetch(HTTPRequest)
        /// The redirect URI is reached; nothing is fetched there.
        case arrive(Callback)
        case submit(FormSubmission, from: HTMLPage)
        case stop(Finding)
        /// An error answer before any form was submitted.
        case errorPage
    }

    static let maximumRedirects = 12
    static let maximumSubmits = 6

    let target: TargetSettings
    let permits: @Sendable (Origin) -> Bool
    package private(set) var submittedPassword = false
    private(set) var submittedUsername = false
    package private(set) var submits = 0
    private var redirects = 0
    private var lastSubmission: FormSubmission?
    /// The page that led on; nil before the first.
    private var referrer: Referrer?
    private var words = PageWords()

    /// A walk that has not begun.
    ///
    /// - Parameters:
    ///   - target: account, redirect URI and hints.
    ///   - permits: whether an origin may receive credentials.
    package init(target: TargetSettings, permits: @escaping @Sendable (Origin) -> Bool) {
        self.target = target
        self.permits = permits
    }

    /// The step that the flow is at: with the first form the login itself begins.
    private var step: Step { submits == 0 ? .authorization : .authentication }

    /// What to do after `response` to a request to `url`.
    package mutating func next(_ response: HTTPResponse, to url: WebURL) -> Move {
        switch response.status {
        case 301, 302, 303, 307, 308: redirect(response, at: url)
        case 200...299, 400...499: page(response, at: url)
        default:
            .stop(
                Finding(
                    submits == 0 ? .authorizationPage : .authenticationRedirect, .failure,
                    "\(url.path) answered \(response.status)"))
        }
    }

    /// Notes that a form is being submitted.
    package mutating func submitted(_ submission: FormSubmission) {
        submits += 1
        lastSubmission = submission
        submittedPassword = submittedPassword || submission.carriesPassword
        submittedUsername = submittedUsername || submission.carriesUsername
    }

    /// Lets a request say from which page it comes, as a browser's would.
    package func mark(_ request: inout HTTPRequest) { referrer?.mark(&request) }

    // MARK: Redirects

    private mutating func redirect(_ response: HTTPResponse, at url: WebURL) -> Move {
        guard let location = response.fields["location"], let next = url.resolving(location) else {
            return .stop(
                Finding(
                    submits == 0 ? .authorizationPage : .authenticationRedirect, .failure,
                    "\(url.path) answered \(response.status) without a usable Location"))
        }
        redirects += 1
        if redirects > Self.maximumRedirects { return .stop(loop("\(redirects) redirects")) }
        if let policy = ReferrerPolicy(response.fields) { referrer?.policy = policy }
        if next.arrives(at: target.redirectURI) { return .arrive(Callback(next)) }
        let keepsMethod = response.status == 307 || response.status == 308
        if let lost = lostCode(to: next) { return .stop(lost) }
        if keepsMethod, lastSubmission?.carriesPassword == true, lastSubmission?.method == "POST" {
            return .stop(
                Finding(
                    .authenticationPostRedirect, .failure,
                    "the login form is answered with \(response.status): a browser would send the password on to "
                        + "\(next.origin)"))
        }
        return follow(next)
    }

    /// Goes to `next`, unless it is where nothing may be fetched.
    private mutating func follow(_ next: WebURL) -> Move {
        if let lost = lostCode(to: next) { return .stop(lost) }
        guard permits(next.origin) else { return .stop(elsewhere(next)) }
        lastSubmission = nil
        var request = Self.get(next, submits == 0 ? .authorization : .authentication)
        mark(&request)
        return .fetch(request)
    }

    /// A code that goes to another place than the redirect URI.
    private func lostCode(to next: WebURL) -> Finding? {
        guard next.carriesCode, !next.arrives(at: target.redirectURI), !permits(next.origin) else { return nil }
        // At our own host only the path is wrong; anywhere else somebody else has the code.
        let isOurHost = next.origin == target.redirectURI.origin
        return Finding(
            .authenticationRedirect, isOurHost ? .failure : .insecure,
            "the authorization code was sent to \(next.origin)\(next.path), which is not our redirect URI",
            evidence: "redirect URI: \(target.redirectURI)")
    }

    private func elsewhere(_ next: WebURL) -> Finding {
        let id: CheckID = submits == 0 ? .authorizationPage : .authenticationRedirect
        return Finding(
            id, .inconclusive,
            "the login goes on at \(next.origin), which may not receive credentials; nothing was fetched there",
            evidence: "\(next.origin)\(next.path)", remedy: FlowRun.allowRemedy(next.origin))
    }

    private func loop(_ what: String, page: String = "", _ news: [String] = []) -> Finding {
        Finding(
            .authorizationLoop, nil, "the login does not end: \(what)",
            evidence: news.isEmpty ? "" : "page: \(page)\(PageWords.quoted(news))",
            remedy: news.isEmpty
                ? nil : "Read what the page says after its form was sent: it does not take the form so.",
            step: step)
    }

    /// The request for a page.
    package static func get(_ url: WebURL, _ step: Step) -> HTTPRequest {
        HTTPRequest(
            step, "GET", url,
            fields: [
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                // Buttons are told apart by their words.
                "Accept-Language": "en-US,en;q=0.9",
            ])
    }

    // MARK: Pages

    private mutating func page(_ response: HTTPResponse, at url: WebURL) -> Move {
        let page = HTMLPage(bytes: response.body, contentType: response.fields["content-type"], url: url)
        referrer = Referrer(page, response.fields)
        let action = page.nextAction(
            username: target.username, password: target.password, redirectURI: target.redirectURI,
            hints: LoginHints(target), submittedUsername: submittedUsername, submittedPassword: submittedPassword)
        if response.status >= 400 {
            // A refused login often comes with 401 and the form again; other error pages are not filled in.
            if case .submit(let submission) = action, submission.carriesPassword, response.status != 429 {
                if submittedPassword { return .stop(rejected(response, page)) }
                words.show(response, submission)
                return submit(submission, on: page)
            }
            if submittedPassword {
                return .stop(isRejection(response) ? rejected(response, page) : errorPage(response, page))
            }
            // A check for humans comes with 403 or 503; it says nothing about the client.
            if case .needsBrowser = action, page.asksForHuman { return .stop(deadEnd(action, response, page)) }
            return submits == 0 ? .errorPage : .stop(errorPage(response, page))
        }
        switch action {
        case .submit(let submission):
            if submission.carriesPassword, submittedPassword { return .stop(rejected(response, page)) }
            words.show(response, submission)
            return submit(submission, on: page)
        case .follow(let next):
            redirects += 1
            if redirects > Self.maximumRedirects { return .stop(loop("\(redirects) pages")) }
            return next.arrives(at: target.redirectURI) ? .arrive(Callback(next)) : follow(next)
        case .leavesWeb(let address): return .stop(formElsewhere(address, page.url))
        case .ambiguous, .needsBrowser, .passwordFieldMissing, .passwordNotConfigured, .nothing:
            return .stop(deadEnd(action, response, page))
        }
    }

    /// Whether an error answer after the password is one to the password. What comes after redirects, or to a later form, is
    /// one only when its status says so: the password may have been good, and a false word would hold the next tries back.
    private func isRejection(_ response: HTTPResponse) -> Bool {
        switch response.status {
        case 401, 403, 429: true
        case 400, 409, 422, 423: lastSubmission?.carriesPassword == true
        default: false
        }
    }

    private mutating func submit(_ submission: FormSubmission, on page: HTMLPage) -> Move {
        let url = page.url
        if submission.url.arrives(at: target.redirectURI) {
            let pairs = submission.method == "POST" ? submission.pairs : submission.url.queryPairs
            return .arrive(Callback(pairs: pairs, at: submission.url))
        }
        if submits >= Self.maximumSubmits {
            return .stop(loop("\(submits) forms were submitted", page: page.title, words.news))
        }
        guard permits(submission.url.origin) else {
            return .stop(
                Finding(
                    .authenticationFormOrigin,
                    "the form posts to \(submission.url.origin), which may not receive credentials; nothing was sent",
                    evidence: "\(url.origin)\(url.path) → \(submission.url.origin)\(submission.url.path)",
                    remedy: "Find out why the form posts there. " + FlowRun.allowRemedy(submission.url.origin)))
        }
        if url.scheme == "https", submission.url.scheme == "http" {
            return .stop(
                Finding(
                    .authenticationFormOrigin, "the form of an https page posts to plain http; nothing was sent",
                    evidence: "\(submission.url.origin)"))
        }
        return .submit(submission, from: page)
    }

    private func formElsewhere(_ address: String, _ url: WebURL) -> Finding {
        Finding(
            .authenticationFormOrigin,
            "the form posts to a host whose name is not readable as one that is allowed; nothing was sent",
            evidence: "\(url.origin)\(url.path) → \(address)", remedy: "Find out why the form posts there.")
    }

    private func rejected(_ response: HTTPResponse, _ page: HTMLPage) -> Finding {
        if response.status == 429 {
            return Finding(
                .authenticationRejected, .inconclusive, "the login answered 429: the server asks for fewer attempts")
        }
        let title = page.title.isEmpty ? "" : "; page: \(page.title)"
        let news = words.news(of: response)
        return Finding(
            .authenticationRejected, nil,
            PageWords.speaksOfALock(news)
                ? "the server does not let `\(target.username)` in for now, whatever the password"
                : "the user name or password of `\(target.username)` was not accepted",
            evidence: "HTTP \(response.status)\(title)\(PageWords.quoted(news))",
            remedy: PageWords.speaksOfALock(news)
                ? "Unlock the account, or wait as the page says, and find out what locked it." : nil)
    }

    private func errorPage(_ response: HTTPResponse, _ page: HTMLPage) -> Finding {
        Finding(
            .authenticationRedirect, "the login ended with an error page",
            evidence: "HTTP \(response.status); page: \(page.title)\(PageWords.quoted(words.news(of: response)))")
    }

    private func deadEnd(_ action: PageAction, _ response: HTTPResponse, _ page: HTMLPage) -> Finding {
        let evidence = "HTTP \(response.status); page: \(page.title)"
        switch action {
        case .needsBrowser(let what):
            return Finding(
                .authorizationPage, .inconclusive, "the page needs a browser: \(what)", evidence: evidence,
                remedy: "Give the test user a way in without it, or watch this target without a login.", step: step,
                layer: response.isOfAFirewall ? .edge : nil)
        case .ambiguous(let choices) where choices.count == 1:
            return Finding(
                .authorizationPage, .inconclusive, "the page's form wants something that is not known here",
                evidence: choices[0],
                remedy: """
                    Say what belongs into its fields with `fields:`, or which button to press with `submit:`. A code from \
                    another device cannot be given: then use a test user without one.
                    """, step: step)
        case .ambiguous(let choices):
            return Finding(
                .authorizationPage, .inconclusive, "the page has several forms that could be the login",
                evidence: choices.joined(separator: "; "), remedy: "Name the right one with `form:` or `submit:`.",
                step: step)
        case .passwordFieldMissing:
            return Finding(.authenticationPasswordField, "no field takes the password", evidence: evidence)
        case .passwordNotConfigured:
            return Finding(
                .authorizationPage, .inconclusive, "the page asks for a password and none is configured",
                evidence: evidence,
                remedy: "Configure `username` and `passwordFile`: without them nobody can log in here for you.",
                step: step, layer: .monitor)
        case .nothing(let what) where submittedPassword:
            return Finding(
                .authenticationRedirect, "the login ended on a page that leads nowhere: \(what)",
                evidence: evidence + PageWords.quoted(words.news(of: response)))
        case .nothing(let what): return Finding(.authorizationPage, nil, "\(what)", evidence: evidence, step: step)
        case .submit, .follow, .leavesWeb:
            return Finding(.authorizationPage, nil, "the page leads nowhere", evidence: evidence, step: step)
        }
    }
}

extension LoginHints {
    fileprivate init(_ target: TargetSettings) {
        self.init(fields: target.loginFields, submit: target.loginSubmit, form: target.loginForm)
    }
}
