import HTMLForms
import WatchCore

/// A page of the login with a form in it, and what its server says about handling it.
struct ShownPage {
    var url: WebURL
    var fields: HTTPFields
    var policies: [ContentSecurityPolicy]

    /// The page that was read from `response`.
    init(_ page: HTMLPage, in response: HTTPResponse) {
        url = page.url
        fields = response.fields
        let texts = response.fields.all("content-security-policy") + page.securityPolicies
        policies = texts.flatMap { text in
            text.utf8.split(separator: UInt8(ascii: ",")).map { ContentSecurityPolicy(String(Substring($0))) }
        }
    }

    /// Whether no other site may put the page into a frame.
    var forbidsFraming: Bool {
        let options = fields["x-frame-options"]?.lowercased() ?? ""
        return options.holds("deny") || options.holds("sameorigin")
            || policies.contains { $0["frame-ancestors"] != nil && $0["frame-ancestors"]?.contains("*") != true }
    }
}

/// Check `authorization.headers`: what the login page forbids, and what it must not.
extension FlowRun {
    /// Framing, caching, referrer: of the first page.
    func judgeHeaders(of page: ShownPage) {
        let cache = page.fields.all("cache-control").joined(separator: ",").lowercased()
        let missing = [
            page.forbidsFraming ? nil : "frame-ancestors or X-Frame-Options",
            cache.holds("no-store") ? nil : "Cache-Control: no-store",
            page.fields["referrer-policy"] != nil ? nil : "Referrer-Policy",
        ].compactMap { $0 }
        check(
            .authorizationHeaders, missing.isEmpty, .info,
            "the login page lacks \(missing.joined(separator: ", "))")
    }

    /// Browsers apply `form-action` to the redirects that follow a form, too: the last page's must let the redirect
    /// URI through.
    ///
    /// Source: CSP Level 3 §6.4.1.
    func judgeWayOut(of page: ShownPage) {
        let strict = page.policies.first { !$0.allowsForm(to: target.redirectURI, from: page.url) }
        check(
            .authorizationHeaders, strict == nil, .warning,
            "the page's Content-Security-Policy `form-action` blocks the redirect to \(target.redirectURI.origin)",
            evidence: strict.map { "form-action \(($0["form-action"] ?? []).joined(separator: " "))" } ?? "",
            remedy:
                "Leave `form-action` out of the policy of login and consent pages, or add the client's redirect URI.")
    }
}
