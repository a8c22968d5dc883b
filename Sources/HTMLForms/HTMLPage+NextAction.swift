package import WatchCore

extension HTMLPage {
    /// What a person with this account would do with the page, on the way to the code.
    ///
    /// - Parameters:
    ///   - username: the test user.
    ///   - password: nil when none is configured.
    ///   - redirectURI: where the flow ends; a link or a form to it is the way on.
    ///   - hints: what the operator says about the page.
    ///   - submittedUsername: whether a form of this flow carried the user name.
    ///   - submittedPassword: whether a form of this flow carried the password.
    /// - Returns: what to do. A form with a password comes as `.submit` even when the password was sent before: then
    ///   the login was rejected.
    package func nextAction(
        username: String, password: Secret?, redirectURI: WebURL, hints: LoginHints = LoginHints(),
        submittedUsername: Bool, submittedPassword: Bool
    ) -> PageAction {
        if let link = links.first(where: { $0.isAnswer(to: redirectURI) && $0.carriesCode }) { return .follow(link) }
        if let next = metaRefresh ?? scriptedLocation { return .follow(next) }
        let login = FormReading.Login(username: username, password: password, hints: hints)
        let readings = forms.map { FormReading($0, login: login, isAutomatic: submitsItself($0, redirectURI)) }
        let best = best(of: readings.filter(\.isCandidate))
        guard let chosen = best.first else {
            return withoutForm(readings, redirectURI, submittedPassword: submittedPassword)
        }
        if hasCaptcha, let browserNeed, hints.form == nil { return .needsBrowser(browserNeed) }
        if chosen.isForScripts(in: self), hints.form == nil, hints.submit == nil {
            return .needsBrowser("login form that only a script sends")
        }
        if chosen.passwordField != nil, password == nil {
            return .passwordNotConfigured
        }
        if chosen.carriesUsername, chosen.passwordField == nil, submittedUsername { return .passwordFieldMissing }
        let submissions = best.compactMap { submission($0) }
        guard let first = submissions.first else {
            if chosen.passwordField != nil, let address = unreadableAddress(chosen) { return .leavesWeb(address) }
            return .needsBrowser("form whose action is no web address")
        }
        if let unreadCharset, !first.isASCII {
            return .needsBrowser("page in \(unreadCharset), with letters in its form that are not read here")
        }
        return submissions.allSatisfy { $0.isSame(as: first) } ? .submit(first) : .ambiguous(best.map(description))
    }

    /// The action of a form that names a host, in a way that is not read here: in letters beyond ASCII, say.
    private func unreadableAddress(_ reading: FormReading) -> String? {
        let button = reading.button.flatMap { reading.form.controls[$0].attributes["formaction"] }
        let action = (button ?? reading.form.attributes["action"] ?? "").trimmingSpaces
        let lower = String(action.lowercased().filter { !$0.isNewline && $0 != "\t" }.map { $0 == "\\" ? "/" : $0 })
        let rest = ["http:", "https:", ""].lazy.compactMap { prefix in
            lower.hasPrefix("\(prefix)//") ? lower.dropFirst(prefix.count + 2) : nil
        }.first
        guard let host = rest?.prefix(while: { !"/?#".contains($0) }), !host.isEmpty else { return nil }
        return action
    }

    private func submitsItself(_ form: HTMLForm, _ redirectURI: WebURL) -> Bool {
        submitsByScript
            || (form.attributes["action"].flatMap { base.resolving($0) }?.isAnswer(to: redirectURI) ?? false)
    }

    /// Those with the highest score.
    private func best(of readings: [FormReading]) -> [FormReading] {
        let top = readings.map(\.score).max()
        return readings.filter { $0.score == top }
    }

    private func submission(_ reading: FormReading) -> FormSubmission? {
        var submission = submission(of: reading.form, values: reading.values, button: reading.button)
        submission?.carriesPassword = reading.passwordField != nil
        submission?.carriesUsername = reading.carriesUsername
        submission?.isConsent = reading.isConsent
        return submission
    }

    /// On a page that only offers ways to log in, the one link that is about a password.
    private var wayByPassword: WebURL? {
        let ways = Set(links.filter { $0.origin == url.origin && $0.fragment == nil && $0.path != url.path }).filter {
            link in
            let words = Words([link.path])
            return words.contains(Words.byPassword) && !words.contains(Words.away)
        }
        return ways.count == 1 ? ways.first : nil
    }

    private func withoutForm(
        _ readings: [FormReading], _ redirectURI: WebURL, submittedPassword: Bool
    ) -> PageAction {
        if let browserNeed {
            return forms.isEmpty && hasError && submittedPassword && browserNeed == BrowserNeed.scripts
                ? .nothing("an error page, whose text only a script writes") : .needsBrowser(browserNeed)
        }
        if let link = links.first(where: { $0.isAnswer(to: redirectURI) }) { return .follow(link) }
        if forms.isEmpty, !submittedPassword, let way = wayByPassword { return .follow(way) }
        let usable = readings.filter { !$0.isSignUp && $0.score >= 0 }
        if !usable.isEmpty { return .ambiguous(usable.map(description)) }
        if readings.contains(where: \.isSignUp) { return .nothing("only a form that sets a new password") }
        return .nothing(forms.isEmpty ? "a page without any form" : "no form that logs in or approves")
    }

    /// A form in the operator's words, with what to put into the configuration to choose it.
    private func description(_ reading: FormReading) -> String {
        let form = reading.form
        let fields = form.controls.filter { !$0.isButton }.map(\.name).filter { !$0.isEmpty }.prefix(12)
        let buttons = form.controls.filter(\.isSubmitButton).map(\.label).filter { !$0.isEmpty }.prefix(6)
        let selector = [form.attributes["id"], form.attributes["name"]].compactMap { $0 }.first { !$0.isEmpty }
        return "\(form.title), fields [\(fields.joined(separator: ", "))], "
            + "buttons [\(buttons.joined(separator: ", "))]: choose it with form: \(selector ?? "\(form.index + 1)")"
    }
}

extension FormSubmission {
    /// Whether all that it sends is in ASCII.
    fileprivate var isASCII: Bool {
        pairs.allSatisfy { $0.name.utf8.allSatisfy { $0 < 128 } && $0.value.utf8.allSatisfy { $0 < 128 } }
    }

    /// Whether sending either comes to the same.
    fileprivate func isSame(as other: FormSubmission) -> Bool {
        method == other.method && url == other.url && body == other.body
    }
}

extension WebURL {
    /// Whether this is the redirect URI, whatever its query.
    fileprivate func isAnswer(to redirectURI: WebURL) -> Bool {
        origin == redirectURI.origin && path == redirectURI.path
    }

    fileprivate var carriesCode: Bool { queryPairs.contains { $0.name == "code" } }
}
