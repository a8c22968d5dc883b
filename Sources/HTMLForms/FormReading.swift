import WatchCore

/// A form, what would be written into it, which button would be pressed, and how likely it is the way on.
struct FormReading {
    let form: HTMLForm
    private(set) var values: [Int: String] = [:]
    private(set) var button: Int?
    private(set) var score = 0
    private(set) var userField: Int?
    private(set) var passwordField: Int?
    /// Two passwords, or one that is yet to be chosen: never filled.
    private(set) var isSignUp = false
    private(set) var isConsent = false
    /// Whether there is any reason to send it.
    private(set) var isCandidate = false
    /// What each button that submits the form is for.
    private let meanings: [Int: FormControl.Meaning]

    /// Who logs in, and what the operator says about the page.
    struct Login {
        var username: String
        var password: Secret?
        var hints: LoginHints
    }

    /// Reads a form.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - login: who logs in.
    ///   - isAutomatic: whether a script of the page submits a form, or its action is the redirect URI.
    init(_ form: HTMLForm, login: Login, isAutomatic: Bool) {
        self.form = form
        let buttons = form.controls.enumerated().filter { $0.element.isSubmitButton }
        meanings = Dictionary(uniqueKeysWithValues: buttons.map { ($0.offset, $0.element.meaning) })
        readFields(login)
        readButtons(login)
        tickBoxes()
        weigh(login, isAutomatic: isAutomatic)
    }

    /// A person who approves ticks what is asked for where nothing is ticked yet, and what the form cannot be sent without.
    private mutating func tickBoxes() {
        let boxes = form.controls.indices.filter {
            form.controls[$0].type == "checkbox" && !form.controls[$0].isDisabled
        }
        let isOpen = !boxes.contains { form.controls[$0].attributes["checked"] != nil && form.controls[$0].isGrant }
        for index in boxes where values[index] == nil {
            let control = form.controls[index]
            let isNeeded = control.attributes["required"] != nil && control.attributes["checked"] == nil
            if isNeeded || (isConsent && isOpen && control.isGrant) { values[index] = "on" }
        }
    }

    /// Whether the user name is written into it.
    var carriesUsername: Bool { userField != nil }

    private mutating func readFields(_ login: Login) {
        let all = form.controls
        let passwords = all.indices.filter { all[$0].isPasswordField }
        isSignUp = passwords.count > 1 || passwords.contains { all[$0].isNewPassword }
        if isSignUp { return }
        passwordField = passwords.first
        let ranked = all.indices.filter { all[$0].userRank > 0 && !all[$0].isSecondFactor }
        userField = ranked.max { (all[$0].userRank, -$0) < (all[$1].userRank, -$1) }
        if userField == nil, let passwordField {
            userField = all.indices.last {
                $0 < passwordField && all[$0].isTextField && !all[$0].isDisabled && !all[$0].isHidden
                    && all[$0].attributes["readonly"] == nil
            }
        }
        for (index, control) in all.enumerated() {
            guard let template = login.hints.fields[control.name], !control.isDisabled, !control.isNewPassword
            else { continue }
            if template == "{username}" { userField = index }
            if template == "{password}" { passwordField = index }
            values[index] = template.replacingEach("{username}", with: login.username)
        }
        if let userField { values[userField] = values[userField] ?? login.username }
        if let passwordField { values[passwordField] = login.password?.reveal() }
    }

    private mutating func readButtons(_ login: Login) {
        let buttons = form.controls.indices.filter { form.controls[$0].isSubmitButton && !form.controls[$0].isDisabled }
        func first(_ matches: (FormControl) -> Bool) -> Int? { buttons.first { matches(form.controls[$0]) } }
        func first(_ meaning: FormControl.Meaning) -> Int? { buttons.first { meanings[$0] == meaning } }
        let isLogin = userField != nil || passwordField != nil
        if let hinted = first(login.hints.names) {
            (button, score) = (hinted, 50)
        } else if let identity = first({ $0.names(login.username) }) {
            (button, score) = (identity, 12)
        } else if let approve = first(.approve) {
            (button, score) = (approve, 4)
            isConsent = !isLogin
        } else if isLogin {
            button = first(.login) ?? first(.neutral)
        } else if let only = first({ _ in true }), buttons.count == 1, meanings[only] != .deny {
            button = only
        }
        // A form for each identity: one button, and the user's name in a field that nobody sees.
        if !isLogin, score < 12, let button, meanings[button] != .deny, holdsName(login.username) {
            score += 6
        }
        if isLogin, let button, score == 4, let login = first(.login), login < button {
            self.button = login
        }
    }

    private func holdsName(_ username: String) -> Bool {
        !username.isEmpty && form.controls.contains { $0.type == "hidden" && $0.initialValue == username }
    }

    private mutating func weigh(_ login: Login, isAutomatic: Bool) {
        let isChosen = score > 4 || login.hints.names(form)
        let hasReason = score > 0
        let hasLogin = userField != nil || passwordField != nil
        let action = form.attributes["action"].map { action in
            String(Substring(action.utf8.prefix { !"?#".utf8.contains($0) }))
        }
        let names = Words([action, form.attributes["id"], form.attributes["name"]])
        let pressed = button.flatMap { meanings[$0] }
        let hasDenyOnly = button == nil && meanings.values.contains(.deny)
        if passwordField != nil { score += 10 }
        if userField != nil { score += 5 }
        if names.contains(Words.onward) { score += 2 }
        if names.contains(Words.away) || pressed == .elsewhere || hasDenyOnly || isSearch { score -= 10 }
        if login.hints.names(form) { score += 100 }
        let isSilent = form.controls.allSatisfy { $0.isHidden || $0.isButton }
        let submitsItself = isAutomatic && isSilent
        if submitsItself, !isChosen, form.controls.allSatisfy({ !$0.isSubmitButton || $0.name.isEmpty }) {
            (button, score) = (nil, score + 4)
        }
        isCandidate =
            !isSignUp && !isUnfinished && (isChosen || score > 0)
            && (hasReason || hasLogin || isChosen || submitsItself)
    }

    /// Whether the form is a script's: it says neither where it goes nor how, so that a browser without scripts would
    /// put the password into the page's address.
    func isForScripts(in page: HTMLPage) -> Bool {
        passwordField != nil && page.hasScripts && form.attributes["method"] == nil
            && (form.attributes["action"] ?? "").isEmpty
            && button.flatMap { form.controls[$0].attributes["formmethod"] } == nil
    }

    private var isSearch: Bool {
        form.attributes["role"] == "search" || form.controls.contains { $0.type == "search" } && passwordField == nil
    }

    /// Whether a person would have to write something more, such as a code.
    private var isUnfinished: Bool {
        form.controls.indices.contains { index in
            let control = form.controls[index]
            guard values[index] == nil, !control.isDisabled else { return false }
            if control.isSecondFactor { return true }
            return (control.isTextField || control.tag == "textarea") && control.attributes["required"] != nil
                && control.initialValue.isEmpty
        }
    }
}

extension FormControl {
    /// Whether a button stands for this identity.
    fileprivate func names(_ username: String) -> Bool {
        guard isSubmitButton, !username.isEmpty else { return false }
        return attributes["value"] == username || label == username
    }
}
