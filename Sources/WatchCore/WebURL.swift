/// An absolute URL with an authority, read strictly and written in one normal form, so that the URL that is judged
/// is the URL that is fetched.
///
/// Scheme and host are in lower case; a default port is left out; space and non-ASCII characters are
/// percent-encoded. What a browser would guess at (controls, a missing host, a bad port) is refused.
///
/// Source: RFC 3986 §3, §5; the WHATWG URL standard for `\` and surrounding white space.
package struct WebURL: Sendable, Hashable {
    package var scheme: String
    /// Before `@` in the authority, as written; nil when absent.
    package var userinfo: String?
    /// Name or address, in lower case; an IPv6 address without its brackets.
    package var host: String
    /// nil: the default of the scheme.
    package var port: UInt16?
    /// As written, starting with `/`, or empty.
    package var path: String
    /// As written, without `?`; nil when absent.
    package var query: String?
    /// As written, without `#`; nil when absent.
    package var fragment: String?

    /// From its parts, without query and fragment; they must be in the normal form already.
    package init(scheme: String, host: String, port: UInt16? = nil, path: String = "") {
        (self.scheme, self.host, self.port, self.path) = (scheme, host, port, path)
    }

    /// Reads an absolute URL.
    ///
    /// - Parameter text: any scheme with `//` and a host, such as `https://host/path`.
    /// - Returns: nil when it is none, or holds what no URL may hold.
    package init?(_ text: String) {
        let clean = Self.cleaned(text)
        guard let colon = clean.firstIndex(of: ":") else { return nil }
        let scheme = clean[..<colon].lowercased()
        guard let first = scheme.utf8.first, (97...122).contains(first),
            scheme.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || "+-.".utf8.contains($0) })
        else { return nil }
        var rest = clean[clean.index(after: colon)...]
        if Self.isWeb(scheme) { rest = Self.slashed(rest) }
        guard rest.hasPrefix("//") else { return nil }
        rest = rest.dropFirst(2)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        self.scheme = scheme
        path = ""
        host = ""
        guard readAuthority(rest[..<end]) else { return nil }
        readTail(rest[end...])
    }

    /// The URL that `reference` means on a page at this URL.
    ///
    /// - Parameter reference: absolute or relative, as in `Location`, `action` or `href`; an empty one means this URL.
    /// - Returns: nil when it is of another kind (`javascript:`, `mailto:`) or malformed.
    ///
    /// Source: RFC 3986 §5.2.
    package func resolving(_ reference: String) -> WebURL? {
        var clean = Substring(Self.cleaned(reference))
        if Self.hasScheme(clean) { return WebURL(String(clean)) }
        if Self.isWeb(scheme) { clean = Self.slashed(clean) }
        if clean.hasPrefix("//") { return WebURL("\(scheme):\(clean)") }
        var target = self
        target.fragment = nil
        if clean.isEmpty { return target }
        if clean.hasPrefix("#") {
            target.fragment = Self.encoded(clean.dropFirst())
            return target
        }
        target.query = nil
        if clean.hasPrefix("?") {
            target.readTail(path + clean)
        } else if clean.hasPrefix("/") {
            target.readTail(clean)
        } else {
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
            target.readTail(folder + clean)
        }
        target.path = Self.withoutDots(target.path)
        return target
    }

    /// Scheme, host and port: who gets what is sent there.
    package var origin: Origin { Origin(scheme: scheme, host: host, port: effectivePort) }

    /// The port, or the default of http (80) and https (443); 0 for other schemes.
    package var effectivePort: UInt16 { port ?? Self.defaultPort(scheme) ?? 0 }

    /// Path, and query when there is one, as a request line holds them.
    package var requestTarget: String { (path.isEmpty ? "/" : path) + (query.map { "?\($0)" } ?? "") }

    /// The query as name and value pairs, decoded; empty when there is none.
    package var queryPairs: [FormPair] { query.map(FormPair.decode) ?? [] }

    /// This URL with pairs added to its query.
    package func addingQuery(_ pairs: [FormPair]) -> WebURL {
        guard !pairs.isEmpty else { return self }
        var url = self
        let added = FormPair.encode(pairs)
        url.query = query.map { $0.isEmpty ? added : "\($0)&\(added)" } ?? added
        return url
    }

    /// This URL with another path, without query and fragment.
    package func replacingPath(_ path: String) -> WebURL {
        var url = self
        (url.path, url.query, url.fragment) = (path, nil, nil)
        return url
    }

    /// Whether the host is loopback by its name or its literal address.
    ///
    /// Source: RFC 8252 §7.3; RFC 6761 §6.3.
    package var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost")
            || IPAddress(host).map { $0.reach == .loopback } ?? false
    }
}

/// Scheme, host and port.
///
/// Source: RFC 6454 §4.
package struct Origin: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var scheme: String
    package var host: String
    package var port: UInt16

    /// Scheme, host and port.
    package init(scheme: String, host: String, port: UInt16) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    package var description: String { "\(scheme)://\(WebURL.authority(host: host, port: port, scheme: scheme))" }

    package static func < (a: Origin, b: Origin) -> Bool { a.description < b.description }
}

extension WebURL: CustomStringConvertible {
    package var description: String {
        let user = userinfo.map { "\($0)@" } ?? ""
        let authority = Self.authority(host: host, port: effectivePort, scheme: scheme)
        return "\(scheme)://\(user)\(authority)\(path)\(query.map { "?\($0)" } ?? "")\(fragment.map { "#\($0)" } ?? "")"
    }

    static func authority(host: String, port: UInt16, scheme: String) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 0 || port == defaultPort(scheme) ? name : "\(name):\(port)"
    }
}

extension WebURL {
    fileprivate static func defaultPort(_ scheme: String) -> UInt16? { ["http": 80, "https": 443][scheme] }
    private static func isWeb(_ scheme: String) -> Bool { scheme == "http" || scheme == "https" }

    /// Without white space at the ends and without tabs and line ends anywhere, as browsers do. What is not ASCII is
    /// encoded here, before anything else: a combining mark would hide the `/` or `?` that it stands upon.
    private static func cleaned(_ text: String) -> String {
        let kept = text.trimmingSpaces.utf8.filter { ![9, 10, 13].contains($0) }
        guard kept.contains(where: { $0 > 127 }) else { return String(decoding: kept, as: UTF8.self) }
        return kept.map { $0 > 127 ? PercentEncoding.triplet($0) : String(Unicode.Scalar($0)) }.joined()
    }

    /// `\` before query and fragment means `/` in http and https.
    private static func slashed(_ text: Substring) -> Substring {
        let end = text.firstIndex { "?#".contains($0) } ?? text.endIndex
        guard text[..<end].utf8.contains(UInt8(ascii: "\\")) else { return text }
        return Substring(text[..<end].map { $0 == "\\" ? "/" : String($0) }.joined() + text[end...])
    }

    private static func hasScheme(_ text: Substring) -> Bool {
        guard let colon = text.firstIndex(of: ":"), let first = text.unicodeScalars.first, first.properties.isAlphabetic
        else { return false }
        return text[..<colon].utf8.allSatisfy {
            (97...122).contains($0.asciiLowercased) || (48...57).contains($0) || "+-.".utf8.contains($0)
        }
    }

    private mutating func readAuthority(_ text: Substring) -> Bool {
        var text = text
        if let at = text.lastIndex(of: "@") {
            userinfo = Self.encoded(text[..<at])
            text = text[text.index(after: at)...]
        }
        var portText: Substring = ""
        if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<close].lowercased()
            guard IPAddress(host)?.isIPv6 == true else { return false }
            let rest = text[text.index(after: close)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return false }
            portText = rest.dropFirst()
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<colon].lowercased()
            portText = text[colon...].dropFirst()
            let allowed = "-._~".utf8
            guard !host.isEmpty,
                host.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || allowed.contains($0) })
            else { return false }
        }
        if portText.isEmpty { return true }
        guard portText.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt16(portText), number > 0
        else { return false }
        port = number == Self.defaultPort(scheme) ? nil : number
        return true
    }

    private mutating func readTail(_ text: some StringProtocol) {
        var rest = Substring(text)
        fragment = nil
        query = nil
        if let hash = rest.firstIndex(of: "#") {
            fragment = Self.encoded(rest[rest.index(after: hash)...])
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: "?") {
            query = Self.encoded(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        path = Self.encoded(rest)
    }

    /// Percent-encodes what may not stand in a URL; what is encoded already stays as it is.
    private static func encoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 <= 32 || $0 >= 127 || "\"<>`{}".utf8.contains($0) }) else {
            return String(text)
        }
        var out = ""
        for byte in text.utf8 {
            if byte <= 32 || byte >= 127 || "\"<>`{}".utf8.contains(byte) {
                out += PercentEncoding.triplet(byte)
            } else {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return out
    }

    /// Source: RFC 3986 §5.2.4.
    private static func withoutDots(_ path: String) -> String {
        guard path.holds("/.") || path.lowercased().holds("/%2e") else { return path }
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment.lowercased() {
            case ".", "%2e": if isLast { kept.append("") }
            case "..", ".%2e", "%2e.", "%2e%2e":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}
