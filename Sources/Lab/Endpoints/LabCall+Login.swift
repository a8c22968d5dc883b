import Crypto
import WatchCore

extension LabCall {
    /// What became of a form.
    private enum Judgement {
        /// The page is done; the user, where it told one.
        case accepted(user: String?)
        /// The same page again, with a message.
        case rejected
        /// The user said no.
        case denied
        /// The form is not one that this page sends.
        case broken
    }

    /// Takes a form of the login in, and shows the next page or redirects.
    func submitLogin() -> LabResponse {
        let form = request.method == "POST" ? request.form : request.query
        if form[behaviour.login.passwordField] != nil { store.withLock { $0.stats.passwordSubmissions += 1 } }
        guard let session = request.cookie(Self.cookie) ?? sessionOfForm(form),
            var login = store.withLock({ $0.logins[session] })
        else {
            return page.notice("Session lost", "Begin again: there is no login for this browser.", status: 400)
        }
        guard form["csrf_token"] == login.formToken, let stage = login.stages.first else {
            return page.notice("Forbidden", "This form is not of the page that was shown last.", status: 403)
        }
        if isWeak(.authorizePostTampered), let uri = form["redirect_uri"] { login.request.redirectURI = uri }
        switch judge(form, at: stage, user: login.user) {
        case .broken:
            return page.notice("Incomplete", "The form lacks what its page would send.", status: 400)
        case .denied:
            store.withLock { $0.logins[session] = nil }
            return redirect(
                to: login.request.redirectURI, state: login.request.state, [FormPair("error", "access_denied")])
        case .rejected:
            store.withLock { $0.stats.rejections += 1 }
            return show(&login, session: session, status: behaviour.login.rejectionStatus, isRejection: true)
        case .accepted(let user):
            login.user = user ?? login.user
            if stage != .endless { login.stages.removeFirst() }
            return proceed(login, session: session)
        }
    }

    private func proceed(_ login: PendingLogin, session: String) -> LabResponse {
        var login = login
        guard login.stages.isEmpty else { return show(&login, session: session, status: 200) }
        store.withLock { $0.logins[session] = nil }
        return finish(login.request, user: login.user ?? configuration.username)
    }

    private func show(
        _ login: inout PendingLogin, session: String, status: Int, isRejection: Bool = false
    ) -> LabResponse {
        login.formToken = LabState.random("csrf")
        let kept = login
        store.withLock { $0.logins[session] = kept }
        guard let stage = login.stages.first else { return .empty(500) }
        var response = page(for: login).show(
            stage, formToken: login.formToken, status: status, isRejection: isRejection)
        if behaviour.login.renewsCookie {
            let renewed = LabState.random("session")
            store.withLock { state in
                state.logins[session] = nil
                state.logins[renewed] = kept
            }
            response.fields["Set-Cookie"] = "\(Self.cookie)=\(renewed); Path=/; HttpOnly; SameSite=Strict"
        }
        return response
    }

    private func judge(_ form: [FormPair], at stage: LoginStage, user: String?) -> Judgement {
        let login = behaviour.login
        guard !login.namesSubmit || form["do"] == "continue" || stage == .identity || stage == .consent else {
            return .broken
        }
        guard !login.hasChoices || stage != .credentials || Self.sentItsChoices(form) else { return .broken }
        switch stage {
        case .credentials:
            guard let user = form[login.userField], let password = form[login.passwordField] else { return .broken }
            return isRight(password, of: user) ? .accepted(user: user) : .rejected
        case .noPassword: return .rejected
        case .userName:
            guard let user = form[login.userField], !user.isEmpty else { return .broken }
            return .accepted(user: user)
        case .passwordOnly:
            guard let user, let password = form[login.passwordField] else { return .broken }
            return isRight(password, of: user) ? .accepted(user: nil) : .rejected
        case .consent:
            switch form["decision"] {
            case "allow": return .accepted(user: nil)
            case "deny": return .denied
            default: return .broken
            }
        case .identity:
            guard let identity = form["identity"], !identity.isEmpty else { return .broken }
            return .accepted(user: identity)
        case .endless:
            return .accepted(user: nil)
        case .script, .captcha:
            return .rejected
        }
    }

    func isRight(_ password: String, of user: String) -> Bool {
        guard !behaviour.login.refusesEveryPassword else { return false }
        let known = store.withLock { $0.users[user] }
        // What was stored by a form that hashes, over a store that hashes, too.
        if behaviour.login.hashesTwice {
            return known.map { SHA256.digest(SHA256.digest(Array($0.utf8))) } == SHA256.digest(Array(password.utf8))
        }
        return known == password || isWeak(known == nil ? .authorizeUnknownUser : .authorizeWrongPassword)
    }

    private static func sentItsChoices(_ form: [FormPair]) -> Bool {
        form["language"] == "en" && form["remember"] == "yes" && form["newsletter"] == nil
    }
}
