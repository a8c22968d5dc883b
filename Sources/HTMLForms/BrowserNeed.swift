import WatchCore

/// Tells a page that cannot be got through without a browser, and what makes it one.
enum BrowserNeed {
    /// Text shorter than this beside scripts is a "please wait", in bytes without white space.
    private static let littleText = 400

    /// A page that is made by its scripts.
    static let scripts = "script-only page"

    /// What was seen; nil when the page seems to do without a browser.
    static func of(_ page: HTMLPage, _ finds: PageFinds) -> String? {
        if let captcha = finds.captcha { return "CAPTCHA (\(captcha))" }
        let controls = page.forms.flatMap(\.controls)
        if controls.contains(where: \.isPasswordField) { return nil }
        if controls.contains(where: \.isScriptsPassword) { return "login form that only a script sends" }
        if finds.scripts.contains(where: { $0.holds("navigator.credentials.") }) { return "WebAuthn" }
        if controls.contains(where: \.isSecondFactor) { return "second factor" }
        let hasScripts = !finds.scripts.isEmpty || !finds.scriptSources.isEmpty
        let goesOn = page.metaRefresh != nil || page.scriptedLocation != nil
        if page.forms.isEmpty, hasScripts, !goesOn, finds.visibleBytes < littleText { return scripts }
        return nil
    }
}
