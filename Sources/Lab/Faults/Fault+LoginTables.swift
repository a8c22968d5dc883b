extension Fault {
    static let login: [Fault] = [
        fault("password-refused", "every password is refused, with 401 and the page again") {
            $0.login.refusesEveryPassword = true
        },
        fault("password-refused-200", "every password is refused, with 200 and the page again") {
            $0.login.refusesEveryPassword = true
            $0.login.rejectionStatus = 200
        },
        fault("form-posts-elsewhere", "the login form posts to another origin") { $0.login.action = .elsewhere },
        fault("login-redirects-elsewhere", "the login page is on another origin") {
            $0.login.opening = .redirectElsewhere
        },
        fault("redirect-loop", "the authorization endpoint redirects to itself") { $0.login.opening = .redirectLoop },
        fault("form-loop", "the form after the login is followed by itself for ever") {
            $0.login.stages.append(.endless)
        },
        fault("script-only-login", "the login page is a script and nothing else") { $0.login.stages = [.script] },
        fault("captcha", "the login page wants a CAPTCHA solved") { $0.login.stages = [.captcha] },
        variety("two-page-login", "user name and password are asked on two pages") {
            $0.login.stages = [.userName, .passwordOnly]
        },
        variety("identity-button", "the identity is one of several submit buttons; no password") {
            $0.login.stages = [.identity]
        },
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
        fault("iss-omitted", "`iss` is advertised and left out") { $0.redirect.issuer = .omitted },
        fault("iss-wrong", "`iss` is another server") { $0.redirect.issuer = .other },
        fault("state-wrong", "`state` is changed") { $0.redirect.changesState = true },
        fault("redirect-elsewhere", "the code goes to another origin") { $0.redirect.goesElsewhere = true },
        fault("form-307", "the login form is answered with 307, which repeats the password") {
            $0.redirect.status = 307
        },
        variety("303", "redirects are 303") { $0.redirect.status = 303 },
    ]

    static let token: [Fault] = [
        fault("code-refused", "every code is refused with invalid_grant") { $0.token.refusesEveryCode = true },
        fault("error-in-200", "every code is refused, inside a 200") {
            $0.token.refusesEveryCode = true
            $0.token.errors = .insideOK
        },
        fault("expires-in-string", "expires_in is a string") { $0.token.lifetime = .string },
        fault("expires-in-zero", "expires_in is 0") { $0.token.lifetime = .zero },
        fault("no-refresh-token", "no refresh token is issued although the grant is advertised") {
            $0.token.issuesRefreshToken = false
        },
        fault("refresh-dies", "every refresh is refused with invalid_grant") { $0.token.refusesEveryRefresh = true },
        fault("refresh-same-token", "a refresh returns the same access token") { $0.token.keepsAccessToken = true },
        fault("early-death", "access tokens live a tenth of the promised time") { $0.token.lifetimeDivisor = 10 },
        fault("tokens-lost-on-restart", "a restart forgets the tokens") { $0.token.isForgetful = true },
        variety("no-rotation", "a refresh gives no new refresh token, and the old one goes on") {
            $0.token.rotates = false
        },
        variety("refresh-ends-older", "a refresh ends the earlier access token") {
            $0.token.refreshEndsOlderTokens = true
        },
        variety("http-framework-errors", "errors are `{\"detail\": …}`, as web frameworks write them") {
            $0.token.errors = .framework
        },
    ]
}
