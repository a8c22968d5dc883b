import HTMLForms
import OAuthFlow
import WatchCore

/// Where a walk from the authorization endpoint ended.
enum WalkEnd: Sendable {
    /// At the redirect URI that the request named.
    case arrived(Callback)
    /// At the registered redirect URI, though the request named another.
    case home(Callback)
    /// A form, which a mere look does not send; its page in one line.
    case form(String)
    /// 4xx.
    case refused(HTTPResponse)
    /// The form for the password came again.
    case rejected(HTTPResponse)
    /// A page that offers no way on.
    case deadEnd(HTTPResponse)
    /// 5xx.
    case fault(HTTPResponse)
    /// Anything else; why in one line.
    case stuck(String)
}

/// Walks from the authorization endpoint to a redirect URI for a guard, and makes no findings.
struct Walker {
    /// What a guard changes in a form on its way.
    typealias Edit = (FormSubmission, inout HTTPRequest, inout CookieJar) -> Void

    let scene: GuardScene
    /// Account, hints and the redirect URI that the request names.
    var target: TargetSettings
    let registered: WebURL
    /// Whether forms are sent.
    var submits = false
    /// Whether a form may come with a status of its own: the accepted request's page does.
    var formStatus: Int?
    var edit: Edit?
    /// Asked before a password is sent.
    var spend: ((FormSubmission) async throws(Unscored) -> Void)?
    private(set) var submittedPassword = false

    init(_ scene: GuardScene, to redirectURI: WebURL, registered: WebURL) {
        self.scene = scene
        self.registered = registered
        target = scene.target
        target.redirectURI = redirectURI
    }

    /// Walks.
    ///
    /// - Parameters:
    ///   - url: the authorization request.
    ///   - jar: the browser's cookies.
    mutating func walk(_ url: WebURL, _ jar: inout CookieJar) async throws(Unscored) -> WalkEnd {
        let run = scene.run
        var walk = LoginWalk(target: target, permits: run.environment.permitsSecrets)
        var request = LoginWalk.get(url, .guarding)
        while true {
            if request.fields["Cookie"] == nil, let cookies = jar.header(for: request.url, now: run.now) {
                request.fields["Cookie"] = cookies
                request.carriesSecret = true
            }
            if let edit, let submission { edit(submission, &request, &jar) }
            let response = try await scene.send(request)
            jar.store(response, from: request.url, now: run.now)
            if response.status >= 500 { return .fault(response) }
            if let home = home(response, request.url) { return .home(home) }
            submission = nil
            switch walk.next(response, to: request.url) {
            case .fetch(let next): request = next
            case .arrive(let callback):
                callback["code"].map { code in run.note { $0.secrets.add(code) } }
                callback["access_token"].map { token in run.note { $0.secrets.add(token) } }
                return .arrived(callback)
            case .errorPage: return .refused(response)
            case .submit(let next, let page):
                if let end = look(response, walk) { return end }
                request = try await prepare(next, page.url, &walk)
            case .stop(let finding): return end(finding, response, walk)
            }
        }
    }

    /// The form that is being sent.
    private var submission: FormSubmission?

    /// A form where none is to be sent, or in an error page.
    private func look(_ response: HTTPResponse, _ walk: LoginWalk) -> WalkEnd? {
        if response.status >= 400, walk.submits == 0, response.status != formStatus { return .refused(response) }
        return submits ? nil : .form(scene.run.summary(response))
    }

    private mutating func prepare(
        _ next: FormSubmission, _ page: WebURL, _ walk: inout LoginWalk
    ) async throws(Unscored) -> HTTPRequest {
        let hidden = next.hiddenSecrets
        scene.run.note { record in hidden.forEach { record.secrets.add(incidental: $0) } }
        if next.carriesPassword {
            try await spend?(next)
            submittedPassword = true
        }
        walk.submitted(next)
        submission = next
        var request = HTTPRequest(
            .guarding, next.method, next.url, fields: LoginWalk.get(page, .guarding).fields, body: next.body,
            carriesSecret: true)
        walk.mark(&request)
        return request
    }

    /// A redirect to the registered URI where another was asked for.
    private func home(_ response: HTTPResponse, _ url: WebURL) -> Callback? {
        guard (300...399).contains(response.status), target.redirectURI != registered,
            let next = response.fields["location"].flatMap({ url.resolving($0) }), next.arrives(at: registered),
            !next.arrives(at: target.redirectURI)
        else { return nil }
        return Callback(next)
    }

    private func end(_ finding: Finding, _ response: HTTPResponse, _ walk: LoginWalk) -> WalkEnd {
        switch finding.check {
        case .authenticationRejected where finding.severity != .inconclusive: return .rejected(response)
        case .authenticationPasswordField: return .rejected(response)
        case _ where (400...499).contains(response.status): return .refused(response)
        case .authorizationPage, .authenticationRedirect:
            let isPage = (200...299).contains(response.status) && finding.severity != .inconclusive
            return isPage ? .deadEnd(response) : .stuck(finding.message)
        default: return .stuck(finding.message)
        }
    }
}
