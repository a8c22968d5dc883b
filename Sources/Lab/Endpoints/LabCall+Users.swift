import WatchCore

extension LabCall {
    /// The form that makes a user.
    func userForm() -> LabResponse { userPage(message: nil, status: 200) }

    /// Makes a user out of that form.
    func registerUser() -> LabResponse {
        let form = request.form
        guard let name = form["username"], !name.isEmpty, let password = form["password"], !password.isEmpty,
            let mail = form["email"], mail.contains("@")
        else { return userPage(message: "Name, e-mail address and password are needed.", status: 400) }
        guard password == form["confirm_password"] else {
            return userPage(message: "The two passwords differ.", status: 400)
        }
        let isNew = store.withLock { state in
            guard state.users[name] == nil else { return false }
            state.users[name] = password
            return true
        }
        guard isNew else { return userPage(message: "This user exists already.", status: 409) }
        return page.notice("Registered", "The user was made; sign in now.", status: 201)
    }

    private func userPage(message: String?, status: Int) -> LabResponse {
        let html = HTMLWriter(isSloppy: behaviour.login.isSloppy)
        let fields: [(name: String, type: String)] = [
            ("username", "text"), ("email", "email"), ("password", "password"), ("confirm_password", "password"),
        ]
        let inputs = fields.map { field in
            html.open("label") + HTMLWriter.escape(field.name)
                + html.open("input", ["type": field.type, "name": field.name]) + html.close("label")
        }
        let form =
            html.open("form", ["method": "post", "action": "/register_user"]) + inputs.joined()
            + html.element("button", ["type": "submit"], "Register") + html.close("form")
        var response = page.notice("Register", message ?? "Make a user for tests.", status: status)
        response.body += Array("\n\(form)\n".utf8)
        return response
    }
}
