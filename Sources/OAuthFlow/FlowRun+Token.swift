import JSONReader
import WatchCore

/// Step `token`, and the judgement of every token answer.
extension FlowRun {
    /// Redeems the code.
    ///
    /// - Parameter clientIsKept: whether the client was registered in an earlier run.
    /// - Returns: nil when the token endpoint does not know the kept client any more.
    func redeem(
        _ code: Secret, _ authorization: Authorization, clientIsKept: Bool
    ) async throws(Halted) -> TokenChain? {
        await enter(.token, detail: "Exchanging code for tokens...")
        var pairs = [
            FormPair("grant_type", "authorization_code"), FormPair("code", code.reveal()),
            FormPair("redirect_uri", target.redirectURI.description),
            FormPair("code_verifier", authorization.pkce.verifier),
        ]
        if let resource = authorization.server.resource { pairs.append(FormPair("resource", resource)) }
        let request = authorization.client.request(.token, authorization.server.metadata.tokenEndpoint, pairs)
        let began = now
        if !redemptionIsWritten { try await remember { $0.intent = Intent(.codeRedemption, at: began) } }
        redemptionIsWritten = false
        let answer: TokenAnswer
        do throws(Halted) {
            let response = try await self.answer(to: request, for: .tokenStatus)
            if clientIsKept, response.refusesTheClient {
                try await remember { $0.intent = nil }
                return nil
            }
            if response.status == 401, authorization.client.needsDecoding {
                throw halt(
                    status: response, of: "the token endpoint", for: .tokenStatus, remedy: Self.decodingRemedy)
            }
            answer = try tokens(response, status: .tokenStatus, accessToken: .tokenAccessToken)
            judge(response)
        } catch {
            if record.exchanges.last?.response?.refusesTheClient == true { acquitClientMemory() }
            try await remember { $0.intent = nil }
            throw error
        }
        try judge(answer, asked: authorization.scope)
        let state = await environment.memory.state
        let hadRefreshToken = state.chain?.refreshToken != nil || state.baseline?.had("token", "refresh_token") != nil
        judgeRefreshToken(answer, authorization, hadRefreshToken)
        scoreSignedToken(answer, authorization)
        return TokenChain(
            issuer: authorization.server.metadata.askedIssuer, clientID: authorization.client.clientID,
            accessToken: answer.accessToken, refreshToken: answer.refreshToken,
            scope: answer.scope ?? authorization.scope, issuedAt: now, expiresIn: answer.lifetime, startedAt: now,
            refreshExpiresIn: answer.refreshLifetime)
    }

    private static let decodingRemedy = """
        Client id or secret hold characters that Basic encodes: decode both as forms are (RFC 6749 §2.3.1), or give out \
        letters and digits only. In the server's log the id then looks wrong, as with `%2F` in it.
        """

    /// Reads a token answer; its secrets are known from here on.
    func tokens(
        _ response: HTTPResponse, status: CheckID, accessToken: CheckID
    ) throws(Halted) -> TokenAnswer {
        let json = response.json
        if let json { learnTokens(json) }
        guard response.status == 200 else {
            judgeErrorCode(of: response, at: status.step)
            throw halt(status: response, of: "the token endpoint", for: status)
        }
        pass(status)
        guard let json, json.members != nil else {
            throw halt(
                status == .tokenStatus ? .tokenJson : accessToken, .failure, "the token answer is no JSON object",
                evidence: summary(response), layer: Self.layer(of: response))
        }
        if let error = OAuthError(json), json["access_token"] == nil {
            throw halt(
                status == .tokenStatus ? .tokenErrorIn200 : accessToken, .failure,
                "a 200 holds an OAuth error: \(error.text)")
        }
        guard let answer = TokenAnswer(json) else {
            throw halt(
                accessToken, "the token answer has no `access_token`",
                evidence: "members: " + (json.members ?? []).map(\.name).joined(separator: ", "))
        }
        pass(accessToken)
        note { $0.facts.tokenLifetime = answer.lifetime }
        return answer
    }

    private func learnTokens(_ json: JSON) {
        note { record in
            for name in ["access_token", "refresh_token", "id_token"] {
                if let value = json[name]?.string { record.secrets.add(value) }
            }
        }
    }

    private func judge(_ response: HTTPResponse) {
        pass(.tokenJson)
        pass(.tokenErrorIn200)
        let cache = response.fields.all("cache-control").joined(separator: ",").lowercased()
        check(
            .tokenNoStore, cache.holds("no-store"), "the token answer may be cached",
            evidence: "Cache-Control: \(cache.isEmpty ? "absent" : cache)")
    }

    private func judge(_ answer: TokenAnswer, asked: String?) throws(Halted) {
        note { $0.summary.accessTokenReceived = true }
        if let type = answer.tokenType, type.equalsIgnoringCase("bearer") {
            pass(.tokenType)
        } else {
            throw halt(
                .tokenType, answer.tokenType == nil ? "`token_type` is missing" : "`token_type` is not Bearer",
                evidence: answer.tokenType ?? "")
        }
        judgeLifetime(answer)
        check(
            .tokenScope, !answer.scopeIsArray, .warning,
            "`scope` is an array, not names with spaces between them; strict clients refuse the answer")
        judgeScope(answer, asked: asked)
    }

    /// Narrower than asked, whether the answer says so or only the token itself does.
    private func judgeScope(_ answer: TokenAnswer, asked: String?) {
        guard let asked, let granted = answer.scope ?? SignedToken(answer.accessToken)?.scope else { return }
        // What we add by ourselves is granted by the refresh token, whatever the answer names.
        let ours: Set<String> = target.scope == nil ? [Self.offlineAccess] : []
        let missing = Set(asked.scopeNames).subtracting(granted.scopeNames).subtracting(ours).sorted()
        check(
            .tokenScope, missing.isEmpty,
            "the granted scope is narrower than what was asked: `\(missing.joined(separator: " "))` is missing",
            evidence: "asked: \(asked); granted: \(granted)")
    }

    private func judgeLifetime(_ answer: TokenAnswer) {
        switch answer.expiresIn {
        case nil: check(.tokenExpiresIn, false, .warning, "`expires_in` is missing")
        case .string(let text)?:
            check(.tokenExpiresIn, false, .warning, "`expires_in` is a string, not a number", evidence: text)
        case let value?:
            check(
                .tokenExpiresIn, (value.number ?? 0) > 0, "`expires_in` is no number above 0",
                evidence: value.text())
        }
    }

    private func judgeRefreshToken(_ answer: TokenAnswer, _ authorization: Authorization, _ hadOne: Bool) {
        let server = authorization.server.metadata
        note { $0.summary.refreshTokenReceived = answer.refreshToken != nil }
        guard server.advertisesRefresh || target.requiresRefresh || hadOne else { return }
        let why =
            target.requiresRefresh
            ? "the grant is required" : hadOne ? "earlier logins brought one" : "the grant is advertised"
        // Where no scope is named we ask for none, and some clients then ask for all that the server lists.
        let waitsForScope =
            server.scopesSupported?.contains(Self.offlineAccess) ?? false
            && !(authorization.scope?.scopeNames.contains(Self.offlineAccess) ?? false)
        check(
            .tokenRefreshIssued, answer.refreshToken != nil, target.requiresRefresh || hadOne ? .failure : .warning,
            "no refresh token was issued although \(why)",
            remedy: waitsForScope
                ? "The server lists `offline_access`, which was not asked for: name it in the target's `scope`, with the "
                    + "scopes that the tools need." : nil)
    }

    /// What a refusal calls itself: clients log in again on `invalid_grant`, and try for ever on other codes.
    ///
    /// Source: RFC 6749 §5.2; RFC 8707 §2.
    func judgeErrorCode(of response: HTTPResponse, at step: Step) {
        guard (400..<500).contains(response.status), response.status != 429 else { return }
        let known: Set = [
            "invalid_grant", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
            "invalid_target",
        ]
        let code = response.json?["error"]?.string
        check(
            .tokenErrorCode, code.map(known.contains) ?? false,
            "the refusal of a code or refresh token says `\(code ?? "nothing that a client reads")`, not `invalid_grant`",
            evidence: summary(response), step: step)
    }
}

extension HTTPResponse {
    /// Whether a token endpoint says that it does not know the client, or not by this proof.
    ///
    /// Source: RFC 6749 §5.2.
    var refusesTheClient: Bool { OAuthError(self)?.code == "invalid_client" }
}
