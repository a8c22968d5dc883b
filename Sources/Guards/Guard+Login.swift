import HTMLForms
import OAuthFlow
import WatchCore

/// Guards of the login form.
extension Guard {
    static let login: [Guard] = [
        Guard(.authorizePostTampered, "a login form with another redirect URI sends the code there") {
            scene throws(Unscored) in
            try await scene.postTampered()
        },
        Guard(.authorizeCsrf, "the login form is taken without its cookie or token") { scene throws(Unscored) in
            try await scene.postWithoutSession()
        },
    ]
}

extension GuardScene {
    /// Names of hidden fields that tie a form to a session.
    private static let tokenNames = ["csrf", "xsrf", "authenticity", "nonce", "token"]

    fileprivate func postTampered() async throws(Unscored) -> Attempt {
        var isChanged = false
        let foreign = ForeignRedirect.elsewhere
        let registered = target.redirectURI.description
        let edit: Walker.Edit = { submission, request, _ in
            func swapped(_ pair: FormPair) -> FormPair {
                pair.name == "redirect_uri" && pair.value == registered
                    ? FormPair(pair.name, foreign.description) : pair
            }
            if case .form(let pairs)? = request.body, pairs.map(swapped) != pairs {
                request.body = .form(pairs.map(swapped))
                isChanged = true
            } else if request.url.queryPairs.map(swapped) != request.url.queryPairs {
                request.url.query = FormPair.encode(request.url.queryPairs.map(swapped))
                isChanged = true
            }
        }
        let end = try await walkAsUser(to: foreign, edit)
        guard isChanged else { return .notApplicable("no form carries the redirect URI") }
        // The redirect to the registered URI shows that the server kept what it had checked.
        return judge(end, foreign)
    }

    fileprivate func postWithoutSession() async throws(Unscored) -> Attempt {
        var isChanged = false
        let edit: Walker.Edit = { submission, request, jar in
            guard submission.carriesPassword else { return }
            if request.fields["Cookie"] != nil {
                (request.fields["Cookie"], jar) = (nil, CookieJar())
                isChanged = true
            } else if case .form(var pairs)? = request.body {
                let count = pairs.count
                pairs.removeAll { pair in Self.tokenNames.contains { pair.name.lowercased().contains($0) } }
                isChanged = isChanged || pairs.count != count
                request.body = .form(pairs)
            }
        }
        let end = try await walkAsUser(to: target.redirectURI, edit)
        guard isChanged else { return .notApplicable("the login form hangs on no cookie and no token") }
        if case .deadEnd(let response) = end { return .refused(Refusal(status: response.status)) }
        return judge(end, nil)
    }

    /// Logs in in a browser that does not know the user, with the forms changed.
    private func walkAsUser(to redirect: WebURL, _ edit: @escaping Walker.Edit) async throws(Unscored) -> WalkEnd {
        let client = try await sacrifice.client(.first, in: self)
        let pairs = authorization(client).pairs(redirectURI: target.redirectURI)
        let url = server.authorizationEndpoint.addingQuery(pairs)
        return try await sacrifice.walk(url, to: redirect, in: self, jar: CookieJar(), edit: edit)
    }
}
