package import WatchCore

/// The page from which a browser goes on, as its next request tells of it.
package struct Referrer: Sendable, Hashable {
    let page: WebURL
    /// What the page, or the redirects since, have said of it.
    package var policy: ReferrerPolicy

    /// A page as it came.
    ///
    /// - Parameter fields: of the answer that was the page; a policy in the page itself counts more.
    package init(_ page: HTMLPage, _ fields: HTTPFields) {
        self.page = page.url
        policy = page.referrerPolicy ?? ReferrerPolicy(fields) ?? .strictOriginWhenCrossOrigin
    }

    /// Sets `Referer`, and for a form that is posted `Origin`, as a browser would: servers compare them against forgery.
    ///
    /// Source: Referrer Policy §8.3; Fetch §3.1 (`Origin`).
    package func mark(_ request: inout HTTPRequest) {
        request.fields["Referer"] = referer(to: request.url)
        request.fields["Origin"] = request.method == "GET" ? nil : origin(to: request.url)
    }

    private func referer(to url: WebURL) -> String? {
        let isSame = page.origin == url.origin
        let (whole, short) = ("\(page.origin)\(page.requestTarget)", "\(page.origin)/")
        return switch policy {
        case .noReferrer: nil
        case .noReferrerWhenDowngrade: isDowngrade(url) ? nil : whole
        case .sameOrigin: isSame ? whole : nil
        case .origin: short
        case .strictOrigin: isDowngrade(url) ? nil : short
        case .originWhenCrossOrigin: isSame ? whole : short
        case .strictOriginWhenCrossOrigin: isSame ? whole : isDowngrade(url) ? nil : short
        case .unsafeURL: whole
        }
    }

    private func origin(to url: WebURL) -> String {
        let isHidden =
            switch policy {
            case .noReferrer: true
            case .sameOrigin: page.origin != url.origin
            case .noReferrerWhenDowngrade, .strictOrigin, .strictOriginWhenCrossOrigin: isDowngrade(url)
            case .origin, .originWhenCrossOrigin, .unsafeURL: false
            }
        return isHidden ? "null" : page.origin.description
    }

    /// From a page that nobody could read on the way to where everybody can.
    private func isDowngrade(_ url: WebURL) -> Bool {
        page.scheme == "https" && url.scheme != "https" && !url.isLoopback
    }
}
