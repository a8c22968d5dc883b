import WatchCore

/// The pages that a user meets.
struct LoginPage: Sendable {
    let behaviour: LoginBehaviour
    /// Path of the authorization endpoint.
    let path: String
    /// Origin of the authorization server, and the other one.
    let origins: (own: String, elsewhere: String)
    /// In a hidden field of the forms; nil: none.
    var redirectURI: String?

    private var html: HTMLWriter { HTMLWriter(isSloppy: behaviour.isSloppy) }

    /// The page of one stage.
    func show(_ stage: LoginStage, formToken: String, status: Int = 200, isRejection: Bool = false) -> LabResponse {
        let title = stage == .consent ? "Allow access" : "Sign in"
        var parts: [String] = []
        if isRejection { parts.append(html.element("p", ["class": "error"], "Wrong user name or password.")) }
        if behaviour.hasDecoys { parts.append(searchForm) }
        parts.append(content(of: stage, formToken: formToken))
        if behaviour.hasDecoys { parts += [signUpForm, newsletterForm] }
        return document(title, parts, status: status)
    }

    /// A page that says one thing.
    func notice(_ title: String, _ text: String, status: Int) -> LabResponse {
        document(title, [html.element("p", text)], status: status)
    }

    private func document(_ title: String, _ parts: [String], status: Int) -> LabResponse {
        let lines =
            [
                behaviour.isSloppy ? "" : "<!DOCTYPE html>", html.open("html", ["lang": "en"]),
                html.element("title", "\(title) - oauthwatch lab"), base, html.open("body"), html.element("h1", title),
            ] + parts + [html.close("body"), html.close("html")]
        return LabResponse(
            status: status, fields: behaviour.lacksHeaders ? ["Content-Type": "text/html; charset=utf-8"] : fields,
            body: Array(lines.filter { !$0.isEmpty }.joined(separator: "\n").utf8))
    }

    private var fields: HTTPFields {
        let formAction = behaviour.formAction.map { "; form-action \($0)" } ?? ""
        return [
            "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'\(formAction)",
        ]
    }

    private func content(of stage: LoginStage, formToken: String) -> String {
        switch stage {
        case .credentials: form(formToken, userField + passwordField + choices + submit("Sign in"))
        case .noPassword: form(formToken, userField + submit("Sign in"))
        case .userName: form(formToken, userField + submit("Next"))
        case .passwordOnly: form(formToken, passwordField + submit("Sign in"))
        case .endless: form(formToken, submit("Continue"))
        case .consent:
            form(
                formToken,
                html.element("p", "A client asks to read and write in your name.")
                    + html.element("button", ["type": "submit", "name": "decision", "value": "deny"], "Deny")
                    + html.element("button", ["type": "submit", "name": "decision", "value": "allow"], "Allow"))
        case .identity:
            ["alice", "bob"].map { (name: String) in
                form(
                    formToken,
                    html.element("button", ["type": "submit", "name": "identity", "value": name], "Sign in as \(name)"))
            }.joined(separator: "\n")
        case .script:
            html.open("div", ["id": "root"]) + html.close("div")
                + html.element("script", ["src": "/app.js", "type": "module"], "")
        case .captcha:
            form(
                formToken,
                userField + passwordField
                    + html.open("div", ["class": "g-recaptcha", "data-sitekey": "lab"]) + html.close("div")
                    + html.element("script", ["src": "https://www.google.com/recaptcha/api.js"], "")
                    + submit("Sign in"))
        }
    }

    private func form(_ formToken: String, _ content: String) -> String {
        let action: String? =
            switch behaviour.action {
            case .path, .elsewhereByButton: path
            case .relative: "authorize"
            case .elsewhereByBase: String(path.dropFirst())
            case .missing: nil
            case .absolute: origins.own + path
            case .elsewhere: origins.elsewhere + path
            }
        return html.open("form", ["method": behaviour.method, "action": action])
            + html.open("input", ["type": "hidden", "name": "csrf_token", "value": formToken]) + carried + content
            + html.close("form")
    }

    /// What relative references start from, where that is another origin.
    private var base: String {
        behaviour.action == .elsewhereByBase ? html.open("base", ["href": "\(origins.elsewhere)/"]) : ""
    }

    /// What the form carries from page to page where the server takes it back from there.
    private var carried: String {
        redirectURI.map { html.open("input", ["type": "hidden", "name": "redirect_uri", "value": $0]) } ?? ""
    }

    private var userField: String {
        html.open("label") + "Name "
            + html.open("input", ["type": "text", "name": behaviour.userField, "autocomplete": "username"])
            + html.close("label")
    }

    private var passwordField: String {
        html.open("label") + "Password "
            + html.open(
                "input",
                ["type": "password", "name": behaviour.passwordField, "autocomplete": "current-password"])
            + html.close("label")
    }

    private func submit(_ text: String) -> String {
        let isNamed = behaviour.namesSubmit
        return html.element(
            "button",
            [
                "type": "submit", "name": isNamed ? "do" : nil, "value": isNamed ? "continue" : nil,
                "formaction": behaviour.action == .elsewhereByButton ? origins.elsewhere + path : nil,
            ], text)
    }

    /// What a browser sends back without being touched.
    private var choices: String {
        guard behaviour.hasChoices else { return "" }
        let options =
            html.element("option", ["value": "de"], "Deutsch")
            + html.element("option", ["value": "en", "selected": ""], "English")
        return html.open("select", ["name": "language"]) + options + html.close("select")
            + html.open("input", ["type": "checkbox", "name": "remember", "value": "yes", "checked": ""])
            + html.open("input", ["type": "checkbox", "name": "newsletter", "value": "yes"])
    }

    private var searchForm: String {
        html.open("form", ["method": "get", "action": "/search", "role": "search"])
            + html.open("input", ["type": "search", "name": "q"]) + html.element("button", "Search")
            + html.close("form")
    }

    private var signUpForm: String {
        html.open("form", ["method": "post", "action": "/signup"])
            + html.open("input", ["type": "text", "name": "username"])
            + html.open("input", ["type": "password", "name": "password", "autocomplete": "new-password"])
            + html.open("input", ["type": "password", "name": "confirm_password", "autocomplete": "new-password"])
            + html.element("button", "Create account") + html.close("form")
    }

    private var newsletterForm: String {
        html.open("form", ["method": "post", "action": "/newsletter"])
            + html.open("input", ["type": "email", "name": "email"]) + html.element("button", "Subscribe")
            + html.close("form")
    }
}

extension LabCall {
    /// The pages of this call.
    var page: LoginPage {
        LoginPage(
            behaviour: behaviour.login, path: "\(behaviour.discovery.issuerPath)/authorize",
            origins: (sites.origin(of: behaviour.discovery.authorizationServer), sites.elsewhere))
    }
}
