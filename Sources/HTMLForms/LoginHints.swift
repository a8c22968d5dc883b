/// What the operator says about a login that does not explain itself.
package struct LoginHints: Sendable, Hashable {
    /// What to write into a control, by its name; `{username}` and `{password}` stand for the target's own.
    package var fields: [String: String]
    /// Name, value, label or id of the button to press.
    package var submit: String?
    /// Id, name or action of the form, or its number from 1.
    package var form: String?

    /// No hints, or these.
    package init(fields: [String: String] = [:], submit: String? = nil, form: String? = nil) {
        self.fields = fields
        self.submit = submit
        self.form = form
    }

    /// Whether a form is the one that is named.
    func names(_ form: HTMLForm) -> Bool {
        guard let wanted = self.form else { return false }
        return [form.attributes["id"], form.attributes["name"], form.attributes["action"], String(form.index + 1)]
            .contains(wanted)
    }

    /// Whether a button is the one that is named.
    func names(_ button: FormControl) -> Bool {
        guard let submit, button.isSubmitButton else { return false }
        return [button.name, button.attributes["value"], button.label, button.attributes["id"]].contains(submit)
    }
}
