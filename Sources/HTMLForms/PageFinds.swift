import WatchCore

/// What a page shows besides its forms.
struct PageFinds {
    var title: String?
    var baseHref: String?
    /// `content` of `<meta http-equiv="refresh">`.
    var refresh: String?
    /// `content` of each `<meta http-equiv="Content-Security-Policy">`.
    var securityPolicies: [String] = []
    /// Of the last `<meta name="referrer">` that says a word that is known.
    var referrerPolicy: ReferrerPolicy?
    var hrefs: [String] = []
    var scripts: [String] = []
    /// `onload` of the body, and the sources of scripts.
    var onload: String?
    var scriptSources: [String] = []
    var hasNoscript = false
    /// Whether an element is called an error by its id or class.
    var hasError = false
    /// Bytes of text that a person sees, without white space.
    var visibleBytes = 0
    /// The name of the CAPTCHA whose widget stands in the page.
    var captcha: String?

    /// Takes what a start tag shows.
    mutating func see(_ tag: StartTag) {
        switch tag.name {
        case "a", "area":
            if let href = tag["href"] { hrefs.append(href) }
        case "base":
            if baseHref == nil { baseHref = tag["href"] }
        case "body": onload = tag["onload"]
        case "meta":
            switch tag["http-equiv"]?.lowercased() {
            case "refresh": if refresh == nil { refresh = tag["content"] }
            case "content-security-policy": if let policy = tag["content"] { securityPolicies.append(policy) }
            default: break
            }
            if tag["name"]?.lowercased() == "referrer", let policy = tag["content"].flatMap(ReferrerPolicy.init(meta:))
            {
                referrerPolicy = policy
            }
        case "noscript": hasNoscript = true
        case "script":
            if let source = tag["src"] { scriptSources.append(source) }
        default: break
        }
        if captcha == nil { captcha = Self.widget(tag) }
        if !hasError, tag.name != "body" {
            // Few names hold these letters; only those are read closely.
            let names = [tag["id"], tag["class"]].filter { $0?.holds("rror") ?? false }
            if !names.isEmpty { hasError = Words(names).contains(Self.errors) }
        }
    }

    private static let errors: Set<String> = ["error", "errors", "errorcontent", "errormessage"]

    private static func widget(_ tag: StartTag) -> String? {
        if let style = tag["class"] {
            let words = style.split { $0.isWhitespace }
            for (word, name) in ["g-recaptcha": "reCAPTCHA", "h-captcha": "hCaptcha", "cf-turnstile": "Turnstile"]
            where words.contains(where: { $0 == word }) { return name }
        }
        guard tag.name == "iframe" || tag.name == "script", let source = tag["src"] else { return nil }
        if source.holds("/cdn-cgi/challenge-platform") { return "Cloudflare" }
        guard tag.name == "iframe" else { return nil }
        if source.holds("recaptcha") { return "reCAPTCHA" }
        return source.holds("hcaptcha") ? "hCaptcha" : nil
    }
}
