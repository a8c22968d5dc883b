import WatchCore

/// One Content-Security-Policy, as far as forms and frames are concerned.
///
/// Source: CSP Level 3 §2.2, §6.7.2.
struct ContentSecurityPolicy {
    /// Directive names in lower case and their values; of two with one name the first counts.
    private var directives: [String: [String]] = [:]

    /// Reads a policy.
    init(_ text: String) {
        for part in Array(text.utf8).split(separator: UInt8(ascii: ";")) {
            let words = part.split { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }.map {
                String(decoding: $0, as: UTF8.self)
            }
            guard let name = words.first?.lowercased(), directives[name] == nil else { continue }
            directives[name] = Array(words.dropFirst())
        }
    }

    /// The values of a directive; nil when the policy does not have it.
    subscript(name: String) -> [String]? { directives[name] }

    /// Whether a form on the page at `page` may lead to `target`; `default-src` does not stand in for `form-action`.
    func allowsForm(to target: WebURL, from page: WebURL) -> Bool {
        guard let sources = directives["form-action"] else { return true }
        return sources.contains { Self.matches($0, target, page) }
    }

    /// Source: CSP Level 3 §6.7.2.7, §6.7.2.8.
    private static func matches(_ source: String, _ target: WebURL, _ page: WebURL) -> Bool {
        let source = source.lowercased()
        switch source {
        case "'none'": return false
        case "*": return ["http", "https", page.scheme].contains(target.scheme)
        case "'self'": return target.origin == page.origin
        default: break
        }
        if source.hasSuffix(":"), !source.holds("/") { return scheme(String(source.dropLast()), allows: target.scheme) }
        var rest = Substring(source)
        if rest.holds("://") {
            let named = rest.prefix { $0 != ":" }
            guard scheme(String(named), allows: target.scheme) else { return false }
            rest = rest.dropFirst(named.count + 3)
        } else if !scheme(page.scheme, allows: target.scheme) {
            return false
        }
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        return matches(authority: authority, target)
            && (path.isEmpty || path == "/" || target.path == path
                || path.hasSuffix("/") && target.path.hasPrefix(path))
    }

    private static func matches(authority: Substring, _ target: WebURL) -> Bool {
        var host = authority
        var port: Substring?
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        let name = host.filter { $0 != "[" && $0 != "]" }
        let hostMatches = name.hasPrefix("*.") ? target.host.hasSuffix(name.dropFirst()) : name == target.host
        let portMatches = port.map { $0 == "*" || UInt16($0) == target.effectivePort } ?? (target.port == nil)
        return hostMatches && portMatches
    }

    /// An http source also lets https through.
    private static func scheme(_ source: String, allows target: String) -> Bool {
        source == target || source == "http" && target == "https"
    }
}
