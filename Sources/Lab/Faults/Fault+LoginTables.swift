import WatchCore

extension Fault {
    static let login: [Fault] = [
        fault(
            "password-refused", "every password is refused, with 401 and the page again",
            .failure(.authenticationRejected)
        ) { $0.login.refusesEveryPassword = true },
        fault(
            "password-refused-200", "every password is refused, with 200 and the page again",
            .failure(.authenticationRejected)
        ) {
            $0.login.refusesEveryPassword = true
            $0.login.rejectionStatus = 200
        },
        fault(
            "form-posts-elsewhere", "the login form posts to another origin", .insecure(.authenticationFormOrigin)
        ) { $0.login.action = .elsewhere },
        fault(
            "button-posts-elsewhere", "the button of the login form posts to another origin",
            .insecure(.authenticationFormOrigin)
        ) { $0.login.action = .elsewhereByButton },
        fault(
            "base-elsewhere", "`<base>` moves the login form's relative action to another origin",
            .insecure(.authenticationFormOrigin)
        ) { $0.login.action = .elsewhereByBase },
        fault("form-get", "the login form uses GET", .warning(.authenticationFormMethod)) { $0.login.method = "get" },
        fault(
            "login-redirects-elsewhere", "the login page is on another origin",
            .inconclusive(.authorizationPage).noting("Nothing is fetched there until `allowedOrigins` names it.")
        ) { $0.login.opening = .redirectElsewhere },
        fault("redirect-loop", "the authorization endpoint redirects to itself", .failure(.authorizationLoop)) {
            $0.login.opening = .redirectLoop
        },
        fault(
            "form-loop", "the form after the login is followed by itself for ever",
            .failure(.authorizationLoop, at: .authentication)
        ) { $0.login.stages.append(.endless) },
        fault(
            "script-only-login", "the login page is a script and nothing else", .inconclusive(.authorizationPage)
        ) { $0.login.stages = [.script] },
        fault("captcha", "the login page wants a CAPTCHA solved", .inconclusive(.authorizationPage)) {
            $0.login.stages = [.captcha]
        },
        variety("two-page-login", "user name and password are asked on two pages") {
            $0.login.stages = [.userName, .passwordOnly]
        },
        variety(
            "identity-button", "the identity is one of several submit buttons; no password",
            .healthy.with(username: "alice")
        ) { $0.login.stages = [.identity] },
        variety("auto-approve", "the authorization endpoint redirects with a code at once") { $0.login.stages = [] },
        variety("consent-page", "a consent page follows") { $0.login.stages.append(.consent) },
        variety("decoy-forms", "search, sign-up and newsletter forms stand around the login form") {
            $0.login.hasDecoys = true
        },
        variety("other-field-names", "the fields are called `email` and `pw`") {
            $0.login.userField = "email"
            $0.login.passwordField = "pw"
        },
        variety("sloppy-html", "tags are in capitals, unquoted and unclosed") { $0.login.isSloppy = true },
        variety("relative-action", "the form's action is relative") { $0.login.action = .relative },
        variety("missing-action", "the form has no action") { $0.login.action = .missing },
        variety("absolute-action", "the form's action is an absolute URL") { $0.login.action = .absolute },
        variety("named-submit", "the form is refused without the name and value of its button") {
            $0.login.namesSubmit = true
        },
        variety("rejection-200", "a wrong password is answered with 200 and the page again") {
            $0.login.rejectionStatus = 200
        },
    ]

    static let redirect: [Fault] = [
        fault("access-denied", "the login ends with access_denied", .failure(.authenticationRedirect)) {
            $0.redirect.deniesAccess = true
        },
        fault("code-twice", "the code stands twice in the redirect", .failure(.authenticationRedirect)) {
            $0.redirect.repeatsCode = true
        },
        fault("iss-omitted", "`iss` is advertised and left out", .failure(.authenticationIss)) {
            $0.redirect.issuer = .omitted
        },
        fault("iss-wrong", "`iss` is another server", .failure(.authenticationIss)) { $0.redirect.issuer = .other },
        fault("state-wrong", "`state` is changed", .failure(.authenticationState)) { $0.redirect.changesState = true },
        fault("redirect-elsewhere", "the code goes to another origin", .insecure(.authenticationRedirect)) {
            $0.redirect.goesElsewhere = true
        },
        fault(
            "form-307", "the login form is answered with 307, which repeats the password",
            .warning(.authenticationPostRedirect)
        ) { $0.redirect.status = 307 },
        variety("303", "redirects are 303") { $0.redirect.status = 303 },
    ]
}
