import WatchCore

extension FormControl {
    /// What a button is for.
    enum Meaning {
        case approve, login, neutral
        /// Another way to log in, or away from the login.
        case elsewhere
        case deny
    }

    /// Whether a password is typed into it, and sent. One without a name is for scripts, one that nobody sees a decoy for
    /// password managers.
    var isPasswordField: Bool {
        type == "password" && !isDisabled && !isSecondFactor && !name.isEmpty && !isOutOfSight
    }

    /// Whether a password is typed into it that only a script can send.
    var isScriptsPassword: Bool { type == "password" && !isDisabled && name.isEmpty && !isOutOfSight }

    /// Whether a person is kept away from it although it is no hidden field.
    private var isOutOfSight: Bool {
        if attributes["hidden"] != nil { return true }
        let isKeptAway = attributes["aria-hidden"] == "true" && attributes["tabindex"] == "-1"
        guard !isKeptAway, let text = attributes["style"] else { return isKeptAway }
        let style = text.lowercased().filter { !$0.isWhitespace }
        return style.holds("display:none") || style.holds("visibility:hidden")
    }

    /// Whether it wants a password that is yet to be chosen.
    var isNewPassword: Bool { type == "password" && autocomplete.contains("new-password") }

    /// Whether it wants a code from another device.
    var isSecondFactor: Bool {
        guard isTextField || type == "password", !isDisabled else { return false }
        let autocomplete = autocomplete
        if autocomplete.contains("one-time-code") { return true }
        if autocomplete.contains("current-password") { return false }
        let words = Words([attributes["name"], attributes["id"]])
        return words.contains(type == "password" ? Words.hiddenSecondFactor : Words.secondFactor)
    }

    /// How surely the user name belongs here: 3 by `autocomplete`, 2 by type, 1 by name, 0 not at all.
    var userRank: Int {
        guard isTextField, !isDisabled, type != "search", type != "number", attributes["readonly"] == nil, !isHidden,
            !isOutOfSight, !name.isEmpty
        else { return 0 }
        if autocomplete.contains(where: { $0 == "username" || $0 == "email" }) { return 3 }
        if type == "email" { return 2 }
        return Words([attributes["name"], attributes["id"]]).contains(Words.user) ? 1 : 0
    }

    /// Whether it is a check box that grants something.
    var isGrant: Bool {
        type == "checkbox" && !name.isEmpty && Words([name, attributes["id"]]).contains(Words.grant)
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
