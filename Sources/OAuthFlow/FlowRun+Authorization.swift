import HTMLForms
import WatchCore

/// Steps `authorization` and `authentication`: from the authorization endpoint to the code.
extension FlowRun {
    /// Walks through the login.
    ///
    /// - Returns: the authorization code.
    /// - Throws: `AuthorizationRefusal.errorPage` when the server refused the request before asking for anything.
    func authorize(
        _ authorization: Authorization, cookies: inout CookieJar
    ) async throws(AuthorizationRefusal) -> Secret {
        await enter(.authorization, detail: "Requesting authorization...")
        note { record in
            record.secrets.add(authorization.pkce.verifier)
            record.secrets.add(authorization.state)
        }
        var walk = LoginWalk(target: target, permits: environment.permitsSecrets)
        var request = LoginWalk.get(authorization.url(redirectURI: target.redirectURI), .authorization)
        var shown: ShownPage?
        while true {
            let response = try await fetch(request, &cookies, walk)
            let credentialsWereSent = request.method == "POST" && walk.submittedPassword
            switch walk.next(response, to: request.url) {
            case .fetch(let next): request = next
            case .submit(let submission, let page):
                let isFirst = shown == nil
                let next = ShownPage(page, in: response)
                if isFirst {
                    judgeHeaders(of: next)
                    firstForm = ReadPage(page: page, body: response.body)
                }
                shown = next
                if !mayLogIn, submission.carriesPassword || submission.carriesUsername {
                    pass(.authorizationPage)
                    throw .loginPage
                }
                request = try await prepare(submission, on: page.url, &walk)
            case .arrive(let callback):
                if let shown { judgeWayOut(of: shown) }
                return try await arrive(callback, authorization, walk, response, credentialsWereSent)
            case .errorPage: throw .errorPage(response)
            case .stop(let finding): throw await stop(finding, response, walk)
            }
        }
    }

    private func fetch(
        _ request: HTTPRequest, _ cookies: inout CookieJar, _ walk: LoginWalk
    ) async throws(AuthorizationRefusal) -> HTTPResponse {
        var request = request
        if let header = cookies.header(for: request.url, now: now) {
            request.fields["Cookie"] = header
            request.carriesSecret = true
        }
        do throws(Halted) {
            let id: CheckID = walk.submits == 0 ? .authorizationPage : .authenticationRedirect
            let response = try await answer(to: request, for: id)
            cookies.store(response, from: request.url, now: now)
            return response
        } catch {
            throw .halted
        }
    }

    /// Makes the request of a form, after the budget for passwords has been asked and the submission is on disk.
    private func prepare(
        _ submission: FormSubmission, on page: WebURL, _ walk: inout LoginWalk
    ) async throws(AuthorizationRefusal) -> HTTPRequest {
        if walk.submits == 0 {
            pass(.authorizationPage)
            await enter(.authentication, detail: "Authenticating user...")
        }
        note { record in submission.hiddenSecrets.forEach { record.secrets.add(incidental: $0) } }
        do throws(Halted) {
            if submission.carriesPassword { try await spendPasswordSubmission(submission) }
        } catch {
            throw .halted
        }
        walk.submitted(submission)
        var request = HTTPRequest(
            .authentication, submission.method, submission.url,
            fields: LoginWalk.get(page, .authentication).fields, body: submission.body, carriesSecret: true)
        walk.mark(&request)
        return request
    }

    private func arrive(
        _ callback: Callback, _ authorization: Authorization, _ walk: LoginWalk, _ response: HTTPResponse,
        _ credentialsWereSent: Bool
    ) async throws(AuthorizationRefusal) -> Secret {
        if walk.submits == 0 {
            pass(.authorizationPage)
            await enter(.authentication, detail: "Authorized without a login form")
        }
        pass(.authorizationLoop)
        if let code = callback["code"] { note { $0.secrets.add(code) } }
        if credentialsWereSent {
            check(
                .authenticationPostRedirect, response.status != 307 && response.status != 308,
                "the login form is answered with \(response.status): a browser would send the password on")
        }
        do throws(Halted) {
            let code = try judge(callback, authorization)
            if walk.submittedPassword { passwordWasAccepted() }
            note { $0.summary.authCodeReceived = true }
            return code
        } catch {
            throw .halted
        }
    }

    private func stop(_ finding: Finding, _ response: HTTPResponse, _ walk: LoginWalk) async -> AuthorizationRefusal {
        if finding.step == .authentication, step == .authorization {
            await enter(.authentication, detail: "Authenticating user...")
        }
        if response.status == 429 || response.status >= 500 {
            _ = halt(status: response, of: "the login", for: finding.check)
            return .halted
        }
        var finding = finding
        if finding.evidence.isEmpty { finding.evidence = summary(response) }
        _ = halt(
            finding.check, finding.severity, finding.message, evidence: finding.evidence, remedy: finding.remedy,
            step: finding.step, layer: finding.layer)
        if finding.check == .authenticationRejected, finding.severity == .failure { await passwordWasRejected() }
        return .halted
    }

    // MARK: The answer at the redirect URI

    /// Judges the callback in the order of flow.md: duplicates, state, iss, then error, then code.
    private func judge(_ callback: Callback, _ authorization: Authorization) throws(Halted) -> Secret {
        if callback.isFragment {
            throw halt(.authenticationRedirect, .failure, "the answer stands in the fragment of the redirect URI")
        }
        if callback.duplicates == ["state"] {
            throw halt(.authenticationState, "`state` stands twice in the redirect")
        }
        if !callback.duplicates.isEmpty {
            throw halt(
                .authenticationRedirect, .failure,
                "parameters stand twice in the redirect: \(callback.duplicates.joined(separator: ", "))")
        }
        try judgeState(callback, authorization)
        try judgeIss(callback, authorization.server.metadata)
        if let error = callback["error"] { throw refused(error, callback["error_description"]) }
        pass(.discoveryScopes)
        guard let code = callback["code"], !code.isEmpty else {
            throw halt(.authenticationRedirect, .failure, "the redirect has neither a code nor an error")
        }
        pass(.authenticationRedirect)
        return Secret(code)
    }

    private func judgeState(_ callback: Callback, _ authorization: Authorization) throws(Halted) {
        guard callback["state"] == authorization.state else {
            throw halt(
                .authenticationState,
                callback["state"] == nil ? "`state` did not come back" : "`state` came back changed"
            )
        }
        pass(.authenticationState)
    }

    private func judgeIss(_ callback: Callback, _ server: AuthorizationServer) throws(Halted) {
        guard let iss = callback["iss"] else {
            if server.advertisesIss {
                throw halt(.authenticationIss, "`iss` is advertised but missing from the redirect")
            }
            pass(.authenticationIss)
            return
        }
        let differsByASlash =
            WellKnown.withoutTrailingSlash(iss) == WellKnown.withoutTrailingSlash(server.issuer) && iss != server.issuer
        if iss != server.issuer, !differsByASlash {
            throw halt(
                .authenticationIss, "`iss` is \(iss), which is not the issuer \(server.issuer)",
                evidence: "iss: \(iss); issuer: \(server.issuer)")
        }
        check(.authenticationIss, !differsByASlash, .warning, "`iss` differs from the issuer by a trailing slash")
    }

    private func refused(_ error: String, _ description: String?) -> Halted {
        let text = description.map { "\(error) - \($0)" } ?? error
        if error == "invalid_scope" { return scopeRefused(text) }
        return halt(
            .authenticationRedirect, .failure, "authorization failed: \(text)", evidence: "error=\(error)")
    }

    /// The authorization server does not take the scope that clients are told to ask for.
    func scopeRefused(_ text: String) -> Halted {
        // The milder finding about the same scope is said herewith.
        note { $0.findings.removeAll { $0.check == .discoveryScopes } }
        return halt(.discoveryScopes, .failure, "the authorization server refuses the scope: \(text)")
    }
}
