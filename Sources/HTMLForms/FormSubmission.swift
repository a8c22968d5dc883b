package import WatchCore

/// What a browser would send for one form.
package struct FormSubmission: Sendable {
    /// `GET` or `POST`.
    package var method: String
    /// With the entries in its query when the method is GET.
    package var url: WebURL
    /// The entries, in order, before encoding.
    package var pairs: [FormPair]
    /// nil for GET.
    package var body: RequestBody?
    package var carriesPassword = false
    package var carriesUsername = false
    /// Whether it only approves: an approve button, and nothing filled in.
    package var isConsent = false
    /// Place of the form in the page, from 0.
    package var formIndex: Int
    /// Name, else label, of the button pressed; nil when none is.
    package var buttonName: String?
    /// Names of the form's controls, for the trace.
    package var fieldNames: [String]
    /// Values of hidden inputs that look like tokens: to be redacted.
    package var hiddenSecrets: [String]
}

extension FormSubmission {
    /// A form that stands on no page: POST of these pairs in the common encoding.
    package init(to url: WebURL, _ pairs: [FormPair]) {
        self.init(
            method: "POST", url: url, pairs: pairs, body: .form(pairs), formIndex: 0, fieldNames: pairs.map(\.name),
            hiddenSecrets: [])
    }
}

extension HTMLPage {
    /// What a browser would send for a form of this page.
    ///
    /// - Parameters:
    ///   - form: one of `forms`.
    ///   - values: what to write into controls, by their number in the form's `controls`.
    ///   - button: number of the button that is pressed; nil when a script submits.
    /// - Returns: nil when it would send nothing: `method=dialog`, or an action that is no web address.
    ///
    /// Source: HTML §4.10.21.3 (form submission algorithm).
    package func submission(of form: HTMLForm, values: [Int: String] = [:], button: Int?) -> FormSubmission? {
        let pressed = button.map { form.controls[$0] }
        func setting(_ name: String) -> String? { pressed?.attributes["form\(name)"] ?? form.attributes[name] }
        let method = setting("method")?.lowercased() ?? "get"
        guard method != "dialog", let target = target(of: setting("action")) else { return nil }
        let charset = form.attributes["accept-charset"].flatMap(Self.acceptedEncoding) ?? encoding.output
        let body = FormBody(form.entries(values: values, button: button, charset: charset.name), charset)
        var submission = FormSubmission(
            method: method == "post" ? "POST" : "GET", url: target, pairs: body.pairs, formIndex: form.index,
            fieldNames: form.controls.map(\.name).filter { !$0.isEmpty }, hiddenSecrets: form.hiddenSecrets)
        if let pressed { submission.buttonName = pressed.name.isEmpty ? pressed.label : pressed.name }
        if submission.method == "POST" {
            submission.body = body.encoded(as: setting("enctype")?.lowercased() ?? "")
        } else {
            submission.url.query = String(decoding: body.urlencoded, as: UTF8.self)
        }
        return submission
    }

    /// An empty or missing action is the page itself, whatever its base.
    private func target(of action: String?) -> WebURL? {
        let action = (action ?? "").trimmingSpaces
        guard let target = action.isEmpty ? url : base.resolving(action), ["http", "https"].contains(target.scheme)
        else { return nil }
        return target
    }

    private static func acceptedEncoding(_ list: String) -> PageEncoding? {
        list.split { $0.isWhitespace }.lazy.compactMap { PageEncoding(label: $0)?.output }.first
    }
}

extension HTMLForm {
    private static let tokenWords = [
        "csrf", "xsrf", "token", "nonce", "state", "authenticity", "session", "code", "ticket", "execution",
    ]

    /// Values of hidden inputs that look like tokens, by their name or by their look.
    var hiddenSecrets: [String] {
        controls.filter { $0.type == "hidden" }.compactMap { control in
            let value = control.initialValue
            let name = control.name.lowercased()
            let isNamed =
                value.utf8.count >= 6 && Self.tokenWords.contains { name.holds($0) } && name != "code_challenge_method"
            let isLong = value.utf8.count >= 20 && !value.utf8.contains { " /:".utf8.contains($0) }
            return isNamed || isLong ? value : nil
        }
    }
}
