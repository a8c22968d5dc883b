package import WatchCore

/// A cookie as a browser keeps it. `SameSite` is ignored: every request of a login is a navigation.
///
/// Source: RFC 6265 §5.
struct Cookie: Hashable {
    var name: String
    var value: String
    var domain: String
    var isHostOnly: Bool
    var path: String
    var isSecure: Bool
    /// nil: until the end of the run.
    var expires: WallTime?

    /// Reads a `Set-Cookie` value received from `url`; nil when a browser would drop it.
    init?(setCookie: String, from url: WebURL, now: WallTime) {
        let parts = setCookie.split(separator: ";", omittingEmptySubsequences: false)
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, !pair[0].trimmingSpaces.isEmpty else { return nil }
        name = pair[0].trimmingSpaces
        value = pair[1].trimmingSpaces
        domain = url.host
        isHostOnly = true
        path = Self.defaultPath(url.path)
        isSecure = false
        for part in parts.dropFirst() {
            let attribute = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let text = attribute.count > 1 ? attribute[1].trimmingSpaces : ""
            guard apply(attribute[0].trimmingSpaces.lowercased(), text, host: url.host, now: now) else { return nil }
        }
        // A secure cookie over plain http is dropped, but for loopback, as browsers do.
        if isSecure, url.scheme != "https", !url.isLoopback { return nil }
    }

    /// The value alone, for the ledger of secrets.
    static func value(ofSetCookie text: String) -> String? {
        guard let pair = text.split(separator: ";", omittingEmptySubsequences: false).first,
            let equals = pair.firstIndex(of: "=")
        else { return nil }
        let value = pair[pair.index(after: equals)...].trimmingSpaces
        return value.isEmpty ? nil : value
    }

    /// Whether it goes with a request to `url`.
    func matches(_ url: WebURL, now: WallTime) -> Bool {
        let hostMatches = url.host == domain || (!isHostOnly && url.host.hasSuffix(".\(domain)"))
        let requestPath = url.path.isEmpty ? "/" : url.path
        let pathMatches =
            requestPath == path
            || requestPath.hasPrefix(path) && (path.hasSuffix("/") || requestPath.dropFirst(path.count).hasPrefix("/"))
        return hostMatches && pathMatches && (!isSecure || url.scheme == "https" || url.isLoopback)
            && expires.map { $0 > now } ?? true
    }

    private mutating func apply(_ name: String, _ text: String, host: String, now: WallTime) -> Bool {
        switch name {
        case "domain":
            let domain = (text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()
            guard !domain.isEmpty else { return true }
            guard domain == host || host.hasSuffix(".\(domain)") && domain.contains(".") && IPAddress(host) == nil
            else { return false }
            self.domain = domain
            isHostOnly = IPAddress(host) != nil
        case "path": if text.hasPrefix("/") { path = text }
        case "secure": isSecure = true
        case "max-age":
            if let seconds = Int(text) {
                expires = seconds <= 0 ? WallTime(nanoseconds: .min) : now + .seconds(min(seconds, 400 * 86_400))
            }
        case "expires": if expires == nil { expires = Self.date(text) }
        default: break
        }
        return true
    }

    /// Both the HTTP date and the older form with dashes.
    private static func date(_ text: String) -> WallTime? {
        WallTime(httpDate: String(text.map { $0 == "-" ? " " : $0 }))
    }

    private static func defaultPath(_ path: String) -> String {
        guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}

/// The cookies of one login.
package struct CookieJar: Sendable {
    private var cookies: [Cookie] = []

    /// No cookie yet.
    package init() {}

    /// Takes over what an answer sets.
    package mutating func store(_ response: HTTPResponse, from url: WebURL, now: WallTime) {
        for text in response.fields.all("set-cookie") {
            guard let cookie = Cookie(setCookie: text, from: url, now: now) else { continue }
            cookies.removeAll { $0.name == cookie.name && $0.domain == cookie.domain && $0.path == cookie.path }
            if cookie.expires.map({ $0 > now }) ?? true, cookies.count < 100 { cookies.append(cookie) }
        }
    }

    /// The value of the `Cookie` field for a request to `url`; nil when no cookie fits.
    package func header(for url: WebURL, now: WallTime) -> String? {
        // Longer paths first; the sort must be stable, so the place in the jar decides ties.
        let fitting = cookies.enumerated().filter { $0.element.matches(url, now: now) }
            .sorted { ($1.element.path.count, $0.offset) < ($0.element.path.count, $1.offset) }
        return fitting.isEmpty ? nil : fitting.map { "\($0.element.name)=\($0.element.value)" }.joined(separator: "; ")
    }
}
