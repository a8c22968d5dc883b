import WatchCore

/// What a user meets between the authorization request and the redirect.
struct LoginBehaviour: Sendable, Hashable {
    /// How the login begins.
    enum Opening: Sendable, Hashable { case page, redirectLoop, redirectElsewhere }
    /// What `action` of a form says.
    enum Action: Sendable, Hashable {
        case path, relative, missing, absolute, elsewhere
        /// The form's action is right; its button's is not, or `<base>` moves it.
        case elsewhereByButton, elsewhereByBase
    }

    var opening = Opening.page
    /// The pages, one after the other.
    var stages: [LoginStage] = [.credentials]
    var action = Action.path
    /// `method` of the forms.
    var method = "post"
    var userField = "username"
    var passwordField = "password"
    var refusesEveryPassword = false
    var rejectionStatus = 401
    /// Whether the stored passwords were hashed once more than those that are compared with them.
    var hashesTwice = false
    /// `form-action` of the pages' security policy; nil: none.
    var formAction: String?
    /// Whether the pages say nothing of frames, caches and referrers.
    var lacksHeaders = false
    /// Whether the cookie of a login changes with each page.
    var renewsCookie = false
    /// Whether a selection and a checkbox stand in the form and must come back as they were shown.
    var hasChoices = false
    /// Whether forms that are not the login stand around it.
    var hasDecoys = false
    /// Whether tags are in capitals, unquoted and unclosed.
    var isSloppy = false
    /// Whether the submit button has a name without which the form is refused.
    var namesSubmit = false
}

/// One page of the login.
enum LoginStage: String, Sendable, Hashable {
    /// User name and password.
    case credentials
    case userName
    case passwordOnly
    /// Where the password belongs, the user name is asked for again.
    case noPassword
    case consent
    /// Buttons, one for each identity.
    case identity
    /// A form that is followed by itself for ever.
    case endless
    /// Nothing but a script.
    case script
    case captcha
}

/// The redirect back to the client.
struct RedirectBehaviour: Sendable, Hashable {
    /// What becomes of `iss`.
    enum Issuer: Sendable, Hashable { case present, omitted, other }

    var status = 302
    var issuer = Issuer.present
    var changesState = false
    /// Whether the user is sent back without a code.
    var deniesAccess = false
    var repeatsCode = false
    var goesElsewhere = false
}
