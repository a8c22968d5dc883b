import Crypto
import OAuthFlow
import WatchCore

/// The authorization request, with something wrong about it.
extension GuardScene {
    /// What shows that the request was not refused.
    enum Proof { case code, token }

    /// Sends an authorization request with parameters changed.
    ///
    /// - Parameters:
    ///   - redirect: the redirect URI to name; nil: the registered one.
    ///   - proof: what must come for the request to count as accepted.
    ///   - change: changes the parameters.
    func authorize(
        to redirect: WebURL? = nil, proof: Proof = .code, _ change: (inout [FormPair]) -> Void = { _ in }
    ) async throws(Unscored) -> Attempt {
        let client = try await authorizationClient()
        try await lookAtAcceptedRequest(client)
        let registered = target.redirectURI
        let request = authorization(client)
        var pairs = request.pairs(redirectURI: redirect ?? registered)
        change(&pairs)
        let url = server.authorizationEndpoint.addingQuery(pairs)
        let end = try await walk(url, to: redirect ?? registered)
        if case .arrived(let callback) = end, let state = callback["state"], state != request.state {
            return .unclear("the answer belongs to another request")
        }
        return judge(end, redirect, proof)
    }

    /// An authorization request that would be accepted.
    func authorization(_ client: RegisteredClient, resource: String? = nil) -> Authorization {
        let (state, verifier) = (madeUp(), madeUp())
        var server = flow.server
        if let resource { server.resource = resource }
        return Authorization(
            server: server, client: client, scope: run.scope(after: flow.challenge, of: flow.server), state: state,
            pkce: PKCE(verifier: verifier))
    }

    private func authorizationClient() async throws(Unscored) -> RegisteredClient {
        if walksThroughLogins { return try await sacrifice.client(.first, in: self) }
        guard let client = flow.client else { throw Unscored("there is no client yet") }
        return client
    }

    /// Where no login went through in this run, the accepted request is looked at first.
    private func lookAtAcceptedRequest(_ client: RegisteredClient) async throws(Unscored) {
        guard acceptedLook == nil else { return }
        if run.record.scored.contains(.authorizationPage) {
            acceptedLook = .form("the login of this run")
            return
        }
        let url = server.authorizationEndpoint.addingQuery(authorization(client).pairs(redirectURI: target.redirectURI))
        var jar = CookieJar()
        var walker = Walker(self, to: target.redirectURI, registered: target.redirectURI)
        let end = try await walker.walk(url, &jar)
        switch end {
        case .form: acceptedLook = end
        case .arrived(let callback) where callback["code"] != nil: acceptedLook = end
        default: throw Unscored("the correct authorization request is not accepted now")
        }
    }

    private func walk(_ url: WebURL, to redirect: WebURL) async throws(Unscored) -> WalkEnd {
        // In a copy of the browser's cookies: what the server keeps in them of a wrong request must not stay.
        if walksThroughLogins { return try await sacrifice.walk(url, to: redirect, in: self, jar: sacrifice.jar) }
        var jar = CookieJar()
        var walker = Walker(self, to: redirect, registered: target.redirectURI)
        walker.formStatus = run.record.exchanges.last { $0.request.step == .authorization }?.response?.status
        return try await walker.walk(url, &jar)
    }

    /// What the end of a walk says about a request that must not lead to a code.
    func judge(_ end: WalkEnd, _ redirect: WebURL?, _ proof: Proof = .code) -> Attempt {
        switch end {
        case .arrived(let callback): judge(callback, redirect, proof)
        // Whatever the request named, the registered URI was used: nothing leaks.
        case .home(let callback): .refused(Refusal(status: 302, code: callback["error"]))
        case .form(let page): .page("a form: \(page)")
        case .refused(let response), .rejected(let response):
            .refused(Refusal(status: response.status, code: OAuthError(response)?.code))
        case .deadEnd(let response): .refused(Refusal(status: response.status))
        case .fault(let response): .fault(run.summary(response))
        case .stuck(let why): .unclear(why)
        }
    }

    private func judge(_ callback: Callback, _ redirect: WebURL?, _ proof: Proof) -> Attempt {
        let token = callback["access_token"].map { !$0.isEmpty } ?? false
        let code = callback["code"].map { !$0.isEmpty } ?? false
        let place = callback.place.map { "\($0.origin)\($0.path)" } ?? "the redirect URI"
        if let redirect, let arrival = callback.place, !arrival.isAnswer(to: redirect) {
            return .refused(Refusal(status: 302, code: callback["error"]))
        }
        if token || (code && proof == .code) {
            let asked = redirect.map { "; asked for: \($0)" } ?? ""
            return .accepted("\(token ? "a token" : "a code") was sent to \(place)\(asked)")
        }
        if let error = callback["error"] {
            let leaves = redirect.map { $0.origin != target.redirectURI.origin } ?? false
            let message = "the error is redirected to a URI that is not registered"
            return .refused(
                Refusal(status: 302, code: error, blemish: leaves ? .init(severity: .warning, message: message) : nil))
        }
        return code
            ? .refused(Refusal(status: 302)) : .unclear("the redirect to \(place) has neither a code nor an error")
    }
}

extension WebURL {
    /// Whether this is `redirect` with nothing but an answer added.
    func isAnswer(to redirect: WebURL) -> Bool {
        let pairs = queryPairs
        return arrives(at: redirect) && (userinfo ?? "") == (redirect.userinfo ?? "")
            && redirect.queryPairs.allSatisfy(pairs.contains)
    }
}

extension [FormPair] {
    /// Puts a value in the place of another.
    mutating func set(_ name: String, _ value: String) {
        for index in indices where self[index].name == name { self[index].value = value }
    }

    /// Takes parameters out.
    mutating func remove(_ names: String...) { removeAll { names.contains($0.name) } }
}
