package import WatchCore

/// A page, read as a browser reads it, as far as getting through a login needs it.
package struct HTMLPage: Sendable {
    package let url: WebURL
    /// What relative references are resolved against: the page, or its `<base href>`.
    let base: WebURL
    let encoding: PageEncoding
    /// The encoding that the page names, where it is none of those that are read here; then only its ASCII is sure.
    let unreadCharset: String?
    /// Without white space at its ends; empty when there is none.
    package var title: String
    /// In the order of the document.
    package var forms: [HTMLForm]
    /// Where the page goes by itself within a few seconds.
    package var metaRefresh: WebURL?
    /// Content security policies that stand in the page itself.
    package var securityPolicies: [String]
    /// What the page itself says of how much may be told of it.
    var referrerPolicy: ReferrerPolicy?
    /// The target of every `a` and `area`.
    package var links: [WebURL]
    /// The literal address that a script of the page does nothing but go to.
    package var scriptedLocation: WebURL?
    /// What was seen when the page needs a browser: "CAPTCHA (reCAPTCHA)", "WebAuthn", "script-only page", …
    package var browserNeed: String?
    /// Whether a script submits a form without being asked.
    var submitsByScript: Bool
    /// Whether a CAPTCHA stands in the page.
    var hasCaptcha: Bool
    /// Whether the page wants a proof that a person looks at it.
    package var asksForHuman: Bool { hasCaptcha }
    /// Whether an element is called an error.
    var hasError: Bool
    /// Whether scripts stand in the page.
    var hasScripts: Bool
    /// Work that reading took: bytes looked at and elements opened.
    package var steps: Int

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - bytes: the body of the answer.
    ///   - contentType: its `Content-Type`, for the encoding.
    ///   - url: where it came from.
    ///
    /// Source: HTML §13.2.
    package init(bytes: [UInt8], contentType: String?, url: WebURL) {
        let encoding = PageEncoding(bytes: bytes, contentType: contentType)
        let decoded = encoding.decode(bytes)
        var builder = PageBuilder(decoded, isScripting: true)
        var steps = builder.steps
        // Scripts are not run here, so `noscript` counts where nothing else helps.
        if builder.forms.isEmpty, builder.finds.hasNoscript {
            let plain = PageBuilder(decoded, isScripting: false)
            steps += plain.steps
            if !plain.forms.isEmpty || plain.finds.refresh != nil { builder = plain }
        }
        let finds = builder.finds
        let base = finds.baseHref.flatMap { url.resolving($0) } ?? url
        self.url = url
        self.base = base
        self.encoding = encoding
        unreadCharset = PageEncoding.unread(bytes: bytes, contentType: contentType)
        self.steps = steps
        title = finds.title?.collapsingSpaces ?? ""
        forms = builder.ownedForms()
        securityPolicies = finds.securityPolicies
        referrerPolicy = finds.referrerPolicy
        links = finds.hrefs.compactMap { base.resolving($0) }
        metaRefresh = finds.refresh.flatMap(MetaRefresh.target).flatMap { base.resolving($0) }
        scriptedLocation = finds.scripts.lazy.compactMap(ScriptedLocation.literal).first.flatMap { base.resolving($0) }
        submitsByScript = (finds.scripts + [finds.onload ?? ""]).contains { $0.holds(".submit()") }
        hasCaptcha = finds.captcha != nil
        hasError = finds.hasError
        hasScripts = !finds.scripts.isEmpty || !finds.scriptSources.isEmpty
        browserNeed = nil
        browserNeed = BrowserNeed.of(self, finds)
    }
}
