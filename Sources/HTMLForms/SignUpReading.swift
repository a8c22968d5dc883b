import WatchCore

/// A form, and what would be written into it to get an account.
struct SignUpReading {
    let form: HTMLForm
    private(set) var values: [Int: String] = [:]
    private(set) var button: Int?
    /// Above zero: it makes an account.
    private(set) var score = 0
    private(set) var carriesUsername = false
    /// What the form requires and we cannot tell, by name.
    private(set) var missing: [String] = []

    /// Who gets the account.
    struct Account {
        var username: String
        var email: String
        var password: Secret
    }

    /// Reads a form.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - account: who gets the account.
    ///   - path: of the page that the form is sent to.
    ///   - page: path of the page that it stands on.
    init(_ form: HTMLForm, account: Account, path: String, page: String) {
        self.form = form
        readFields(account)
        readButton()
        weigh(path, page)
        missing = form.controls.indices.filter(isMissing).map { form.controls[$0].name }
    }

    private mutating func readFields(_ account: Account) {
        for (index, control) in form.controls.enumerated() where !control.isDisabled && !control.isHidden {
            if control.isPasswordField {
                values[index] = account.password.reveal()
            } else if control.isAddress {
                values[index] = account.email
            } else if control.type == "checkbox", control.attributes["required"] != nil {
                // A browser would not send the form without it.
                values[index] = control.attributes["value"] ?? "on"
            }
        }
        let texts = form.controls.indices.filter {
            let control = form.controls[$0]
            return control.isTextField && control.type != "search" && !control.isDisabled && !control.isHidden
                && values[$0] == nil
        }
        // The field that says so, else the first in which a person could write a name.
        let named = texts.first { form.controls[$0].userRank > 0 }
        guard let user = named ?? texts.first else { return }
        values[user] = account.username
        carriesUsername = true
    }

    private mutating func readButton() {
        let buttons = form.controls.indices.filter { index in
            let control = form.controls[index]
            return control.isSubmitButton && !control.isDisabled && control.meaning != .deny
                && !Words([control.label]).contains(Words.elsewhere)
        }
        button = buttons.first { Words([form.controls[$0].label]).contains(Words.signUp) } ?? buttons.first
    }

    private mutating func weigh(_ path: String, _ page: String) {
        let passwords = form.controls.filter(\.isPasswordField)
        // A form that asks for the old password changes it.
        guard !passwords.isEmpty, passwords.count <= 2,
            !passwords.contains(where: { $0.autocomplete.contains("current-password") })
        else { return }
        let label = button.map { form.controls[$0].label }
        if passwords.count == 2 { score += 10 }
        if passwords.contains(where: \.isNewPassword) { score += 5 }
        if Words([path, form.attributes["id"], form.attributes["name"]]).contains(Words.signUp) { score += 5 }
        if Words([label]).contains(Words.signUp) { score += 5 }
        let isLogin = Words([path, form.attributes["id"], form.attributes["name"], label]).contains(Words.logIn)
        if !isLogin, Words([page]).contains(Words.signUp) { score += 1 }
        if Words([path]).contains(["reset", "forgot", "recover", "change"]) { score = 0 }
    }

    /// Whether a browser would refuse to send the form without something that we do not know.
    private func isMissing(_ index: Int) -> Bool {
        let control = form.controls[index]
        guard values[index] == nil, !control.isDisabled else { return false }
        if control.isSecondFactor { return true }
        let isText = control.isTextField || control.tag == "textarea"
        return isText && control.attributes["required"] != nil && control.initialValue.isEmpty
    }
}

extension FormControl {
    /// Whether it wants an e-mail address.
    fileprivate var isAddress: Bool {
        guard isTextField, attributes["readonly"] == nil else { return false }
        return type == "email" || autocomplete.contains("email")
            || Words([attributes["name"], attributes["id"]]).contains(["email", "mail", "emailaddress"])
    }
}

extension Words {
    fileprivate static let signUp: Set<String> = [
        "register", "registration", "signup", "create", "join", "enroll", "enrol",
    ]
    fileprivate static let logIn: Set<String> = ["login", "signin", "logon", "auth", "authorize", "session"]
}
