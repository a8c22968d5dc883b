extension FormControl {
    /// What a button is for.
    enum Meaning {
        case approve, login, neutral
        /// Another way to log in, or away from the login.
        case elsewhere
        case deny
    }

    /// Whether a password is typed into it.
    var isPasswordField: Bool { type == "password" && !isDisabled && !isSecondFactor }

    /// Whether it wants a password that is yet to be chosen.
    var isNewPassword: Bool { type == "password" && autocomplete.contains("new-password") }

    /// Whether it wants a code from another device.
    var isSecondFactor: Bool {
        guard isTextField || type == "password", !isDisabled else { return false }
        if autocomplete.contains("one-time-code") { return true }
        if autocomplete.contains("current-password") { return false }
        return Words([attributes["name"], attributes["id"]]).contains(Words.secondFactor)
    }

    /// How surely the user name belongs here: 3 by `autocomplete`, 2 by type, 1 by name, 0 not at all.
    var userRank: Int {
        guard isTextField, !isDisabled, type != "search", type != "number", attributes["readonly"] == nil, !isHidden
        else { return 0 }
        if !autocomplete.isDisjoint(with: ["username", "email"]) { return 3 }
        if type == "email" { return 2 }
        return Words([attributes["name"], attributes["id"]]).contains(Words.user) ? 1 : 0
    }

    /// What a button is for, by its label and value, then by its name and id.
    var meaning: Meaning {
        let label = label
        let shown = Words([label, attributes["value"]])
        if shown.contains(Words.deny) || Words([attributes["name"]]).contains(Words.deny) { return .deny }
        let names = Words([attributes["name"], attributes["id"]])
        if shown.contains(Words.away) || names.contains(Words.away) || Words([label]).contains(Words.elsewhere) {
            return .elsewhere
        }
        if shown.contains(Words.approve) { return .approve }
        if shown.contains(Words.login) { return .login }
        return names.contains(Words.approve) ? .approve : .neutral
    }
}
