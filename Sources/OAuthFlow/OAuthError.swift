import HTMLForms
import JSONReader
package import WatchCore

/// An error answer of an OAuth endpoint.
///
/// Source: RFC 6749 §5.2; RFC 7591 §3.2.2.
package struct OAuthError: Sendable, Hashable {
    package var code: String
    var description: String?

    /// The error in a JSON body; nil when there is none.
    package init?(_ response: HTTPResponse) {
        guard let json = response.json else { return nil }
        self.init(json)
    }

    /// The error in a JSON object; nil when there is none.
    init?(_ json: JSON) {
        // Frameworks answer with `detail` or `message` where `error` belongs.
        if let code = json["error"]?.string {
            self.code = code
            description = json["error_description"]?.string
        } else if let nested = json["error"], let message = nested["message"]?.string {
            code = nested["code"]?.string ?? nested["code"]?.integer.map(String.init) ?? "error"
            description = message
        } else if let detail = json["detail"]?.string ?? json["message"]?.string {
            code = "detail"
            description = detail
        } else {
            return nil
        }
    }

    /// Code and description in one line.
    package var text: String { description.map { "\(code): \($0)" } ?? code }
}

extension HTTPResponse {
    /// Whether the body is a page for people, whatever the content type says.
    package var isPage: Bool {
        if mediaType == "text/html" || mediaType == "application/xhtml+xml" { return true }
        let start = String(decoding: body.prefix(256), as: UTF8.self).trimmingSpaces.lowercased()
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }

    /// The title of a page; nil when this is none or it has no title.
    func pageTitle(at url: WebURL) -> String? {
        guard isPage else { return nil }
        let page = HTMLPage(
            bytes: Array(body.prefix(64 << 10)), contentType: fields["content-type"], url: url)
        return page.title.isEmpty ? nil : page.title
    }

    /// The title of a page, whatever its address.
    var plainPageTitle: String? { WebURL("http://localhost/").flatMap { pageTitle(at: $0) } }

    /// Whether a page says by its title, or together with its server, that a firewall or load balancer wrote it.
    var isOfAFirewall: Bool {
        let title = plainPageTitle?.lowercased() ?? ""
        let marks = [
            "attention required", "just a moment", "access denied", "request rejected", "request blocked", "cloudflare",
            "ddos", "are you a robot", "security check", "captcha", "incapsula", "the request could not be satisfied",
        ]
        if marks.contains(where: { title.holds($0) }) { return true }
        let server = (fields["server"] ?? "").lowercased()
        let fronts = [
            "cloudflare", "awselb", "cloudfront", "akamai", "varnish", "envoy", "nginx", "openresty", "haproxy",
        ]
        return [403, 503].contains(status) && fronts.contains { server.holds($0) }
    }

    /// Whether the error page is the application's own, by what its `Server` field says: such pages come from
    /// frameworks, not from a proxy or firewall.
    var isServedByAnApplication: Bool {
        let server = (fields["server"] ?? fields["x-powered-by"] ?? "").lowercased()
        return [
            "werkzeug", "gunicorn", "uvicorn", "hypercorn", "daphne", "wsgiserver", "basehttp", "simplehttp", "python",
            "express", "puma", "webrick", "kestrel", "jetty", "tomcat", "next.js",
        ].contains { server.holds($0) }
    }

    /// Whether a refusal says that the client is not known, in a gateway's way: with a page, not an error code.
    var speaksOfTheClient: Bool {
        let words = text.lowercased()
        return [
            "unknown client", "invalid client", "invalid_client", "unauthorized_client", "client_id", "no such client",
            "unregistered client", "client not found", "client is not", "client was not", "client does not exist",
        ].contains { words.holds($0) }
    }
}
