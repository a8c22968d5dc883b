package import WatchCore

extension HTMLPage {
    /// What a person would do with the page to get an account.
    ///
    /// - Parameters:
    ///   - username: the name of the account.
    ///   - email: its address, for every field that wants one.
    ///   - password: for every field of type password: the second one confirms the first.
    /// - Returns: `.submit`, `.ambiguous`, `.needsBrowser` or `.nothing`.
    package func signUp(username: String, email: String, password: Secret) -> PageAction {
        if hasCaptcha, let browserNeed { return .needsBrowser(browserNeed) }
        let account = SignUpReading.Account(username: username, email: email, password: password)
        let readings = forms.map { SignUpReading($0, account: account, path: path(of: $0), page: url.path) }
        let top = readings.filter { $0.score > 0 }.map(\.score).max()
        let best = readings.filter { $0.score == top }
        guard let chosen = best.first else {
            return browserNeed.map { .needsBrowser($0) } ?? .nothing("no form that makes an account")
        }
        guard best.count == 1 else {
            return .ambiguous(best.map { "\($0.form.title) to \(path(of: $0.form))" })
        }
        guard chosen.missing.isEmpty else {
            let names = chosen.missing.joined(separator: ", ")
            return .nothing("the form wants more than name, e-mail address and password: \(names)")
        }
        guard var submission = submission(of: chosen.form, values: chosen.values, button: chosen.button) else {
            return .nothing("a form whose action is no web address")
        }
        submission.carriesPassword = true
        submission.carriesUsername = chosen.carriesUsername
        return .submit(submission)
    }

    /// Path of the page that a form is sent to.
    private func path(of form: HTMLForm) -> String {
        let action = (form.attributes["action"] ?? "").trimmingSpaces
        return (action.isEmpty ? url : base.resolving(action))?.path ?? ""
    }
}
