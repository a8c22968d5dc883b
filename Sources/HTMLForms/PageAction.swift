package import WatchCore

/// What to do with a page on the way to the code.
package enum PageAction: Sendable {
    /// Send this form. When it carries a password and one was sent before, the login was rejected: the flow must not
    /// send it again.
    case submit(FormSubmission)
    /// Go there: a meta refresh, a script's literal address, or a link to the redirect URI.
    case follow(WebURL)
    /// A form with the password would be sent to a host that is not readable here, so it is none that is allowed: its
    /// action, as written.
    case leavesWeb(String)
    /// Several forms are as likely: a description of each, with what to configure.
    case ambiguous([String])
    /// Only a browser gets further: what was seen.
    case needsBrowser(String)
    /// A form that wants the user name, which was sent already or cannot be sent, and no password.
    case passwordFieldMissing
    /// A form that wants a password, and none is configured.
    case passwordNotConfigured
    /// Nothing usable: what the page is instead.
    case nothing(String)
}
