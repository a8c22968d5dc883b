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
        let parts = setCookie.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        let pair = Self.sides(parts[0])
        guard let text = pair.value, !pair.name.isEmpty else { return nil }
        name = pair.name
        value = text
        domain = url.host
        isHostOnly = true
        path = Self.defaultPath(url.path)
        isSecure = false
        for part in parts.dropFirst() {
            let (name, text) = Self.sides(part)
            guard apply(name.lowercased(), text ?? "", host: url.host, now: now) else { return nil }
        }
        // A secure cookie over plain http is dropped, but for loopback, as browsers do.
        if isSecure, url.scheme != "https", !url.isLoopback { return nil }
    }

    /// The value alone, for the ledger of secrets.
    static func value(ofSetCookie text: String) -> String? {
        let end = text.utf8.firstIndex(of: UInt8(ascii: ";")) ?? text.endIndex
        guard let value = sides(text.utf8[..<end]).value, !value.isEmpty else { return nil }
        return value
    }

    /// What stands before and after the first `=`.
    private static func sides(_ text: Substring.UTF8View) -> (name: String, value: String?) {
        guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return (Substring(text).trimmingSpaces, nil) }
        return (
            Substring(text[..<equals]).trimmingSpaces, Substring(text[text.index(after: equals)...]).trimmingSpaces
        )
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
