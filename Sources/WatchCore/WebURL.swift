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
        var text = Self.cleaned(text)
        guard let url = text.withUTF8(Self.read) else { return nil }
        self = url
    }

    /// The URL that `reference` means on a page at this URL.
    ///
    /// - Parameter reference: absolute or relative, as in `Location`, `action` or `href`; an empty one means this URL.
    /// - Returns: nil when it is of another kind (`javascript:`, `mailto:`) or malformed.
    ///
    /// Source: RFC 3986 §5.2.
    package func resolving(_ reference: String) -> WebURL? {
        var clean = Self.cleaned(reference)
        if clean.withUTF8(Self.hasScheme) { return WebURL(clean) }
        if Self.isWeb(scheme), let slashed = clean.withUTF8(Self.slashed) { clean = slashed }
        var target = self
        target.fragment = nil
        switch clean.utf8.first {
        case nil: return target
        case UInt8(ascii: "#"):
            target.fragment = clean.withUTF8 { Self.encoded($0.extracting(1...)) }
            return target
        case UInt8(ascii: "/"):
            if clean.utf8.dropFirst().first == UInt8(ascii: "/") { return WebURL(scheme + ":" + clean) }
        case UInt8(ascii: "?"): clean = path + clean
        default:
            let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? "/"
            clean = folder + clean
        }
        target.query = nil
        clean.withUTF8 { target.readTail($0) }
        target.path = Self.withoutDots(target.path)
        return target
    }

    /// Scheme, host and port: who gets what is sent there.
    package var origin: Origin { Origin(scheme: scheme, host: host, port: effectivePort) }

    /// The port, or the default of http (80) and https (443); 0 for other schemes.
    package var effectivePort: UInt16 { port ?? Self.defaultPort(scheme) ?? 0 }

    /// Path, and query when there is one, as a request line holds them.
    package var requestTarget: String {
        let path = path.isEmpty ? "/" : path
        guard let query else { return path }
        return String(room: path.utf8.count + query.utf8.count + 1) { text in
            text.add(path)
            text.add("?")
            text.add(query)
        }
    }

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

    /// This URL as it is asked for: a fragment is never sent.
    package var withoutFragment: WebURL {
        var url = self
        url.fragment = nil
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

    package var description: String {
        String(room: WebURL.originRoom(scheme: scheme, host: host)) { text in
            WebURL.write(scheme: scheme, userinfo: nil, host: host, port: port, to: &text)
        }
    }

    package static func < (a: Origin, b: Origin) -> Bool { a.description < b.description }
}

extension WebURL: CustomStringConvertible {
    package var description: String {
        let rest = path.utf8.count + (query?.utf8.count ?? 0) + (fragment?.utf8.count ?? 0) + 2
        let room = Self.originRoom(scheme: scheme, host: host) + (userinfo?.utf8.count ?? 0) + 1 + rest
        return String(room: room) { text in
            Self.write(scheme: scheme, userinfo: userinfo, host: host, port: effectivePort, to: &text)
            text.add(path)
            if let query {
                text.add("?")
                text.add(query)
            }
            if let fragment {
                text.add("#")
                text.add(fragment)
            }
        }
    }

    /// Bytes for `scheme://[host]:65535`.
    fileprivate static func originRoom(scheme: String, host: String) -> Int {
        scheme.utf8.count + host.utf8.count + 11
    }

    fileprivate static func write(
        scheme: String, userinfo: String?, host: String, port: UInt16, to text: inout TextWriter
    ) {
        text.add(scheme)
        text.add("://")
        if let userinfo {
            text.add(userinfo)
            text.add("@")
        }
        let isIPv6 = host.utf8.contains(UInt8(ascii: ":"))
        if isIPv6 { text.add("[") }
        text.add(host)
        if isIPv6 { text.add("]") }
        if port == 0 || port == defaultPort(scheme) { return }
        text.add(":")
        text.add(port)
    }
}

extension WebURL {
    fileprivate static func defaultPort(_ scheme: String) -> UInt16? {
        switch scheme {
        case "http": 80
        case "https": 443
        default: nil
        }
    }

    private static func isWeb(_ scheme: String) -> Bool { scheme == "http" || scheme == "https" }

    /// Without white space at the ends and without tabs and line ends anywhere, as browsers do. What is not ASCII is
    /// encoded here, before anything else: a combining mark would hide the `/` or `?` that it stands upon.
    private static func cleaned(_ text: String) -> String {
        var trimmed = text.trimmingSpaces
        if trimmed.withUTF8({ $0.allSatisfy { $0 < 128 && $0 != 9 && $0 != 10 && $0 != 13 } }) { return trimmed }
        let kept = trimmed.utf8.filter { ![9, 10, 13].contains($0) }
        return kept.map { $0 > 127 ? PercentEncoding.triplet($0) : String(Unicode.Scalar($0)) }.joined()
    }

    private typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Reads an absolute URL that is clean.
    private static func read(_ text: Bytes) -> WebURL? {
        guard hasScheme(text), let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = lowercased(text.extracting(..<colon))
        let rest = text.extracting((colon + 1)...)
        if isWeb(scheme), let slashed = slashed(rest) { return WebURL(scheme + ":" + slashed) }
        guard rest.count > 2, rest[0] == UInt8(ascii: "/"), rest[1] == UInt8(ascii: "/") else { return nil }
        let end = rest[2...].firstIndex { $0 == UInt8(ascii: "/") || endsPath($0) } ?? rest.endIndex
        var url = WebURL(scheme: scheme, host: "")
        guard url.readAuthority(rest.extracting(2..<end)) else { return nil }
        url.readTail(rest.extracting(end...))
        return url
    }

    /// `\` before query and fragment means `/` in http and https; nil when there is none.
    private static func slashed(_ text: Bytes) -> String? {
        let end = text.firstIndex(where: endsPath) ?? text.endIndex
        guard text[..<end].contains(UInt8(ascii: "\\")) else { return nil }
        let head = text[..<end].map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
        return String(decoding: head + text[end...], as: UTF8.self)
    }

    private static func hasScheme(_ text: Bytes) -> Bool {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), let first = text.first,
            (97...122).contains(first.asciiLowercased)
        else { return false }
        return text[..<colon].allSatisfy { isSchemeCharacter($0.asciiLowercased) }
    }

    private static func lowercased(_ text: Bytes) -> String {
        if !text.contains(where: { (65...90).contains($0) }) { return String(decoding: text, as: UTF8.self) }
        return String(decoding: text.map(\.asciiLowercased), as: UTF8.self)
    }

    private static func endsPath(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") }

    /// Source: RFC 3986 §3.1, in lower case.
    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 97...122, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private mutating func readAuthority(_ text: Bytes) -> Bool {
        var text = text
        if let at = text.lastIndex(of: UInt8(ascii: "@")) {
            userinfo = Self.encoded(text.extracting(..<at))
            text = text.extracting((at + 1)...)
        }
        let end: Int
        if text.first == UInt8(ascii: "["), let close = text.firstIndex(of: UInt8(ascii: "]")) {
            host = Self.lowercased(text.extracting(1..<close))
            guard IPAddress(host)?.isIPv6 == true else { return false }
            end = close + 1
        } else {
            end = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
            guard end > 0, text[..<end].allSatisfy({ Self.isHostCharacter($0.asciiLowercased) }) else { return false }
            host = Self.lowercased(text.extracting(..<end))
        }
        return readPort(text.extracting(end...))
    }

    /// - Parameter text: what follows the host.
    private mutating func readPort(_ text: Bytes) -> Bool {
        guard let colon = text.first else { return true }
        guard colon == UInt8(ascii: ":") else { return false }
        let digits = text.dropFirst()
        if digits.isEmpty { return true }
        guard digits.allSatisfy({ (48...57).contains($0) }),
            let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
        else { return false }
        port = number == Self.defaultPort(scheme) ? nil : number
        return true
    }

    private mutating func readTail(_ text: Bytes) {
        var rest = text
        fragment = nil
        query = nil
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            fragment = Self.encoded(rest.extracting((hash + 1)...))
            rest = rest.extracting(..<hash)
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            query = Self.encoded(rest.extracting((mark + 1)...))
            rest = rest.extracting(..<mark)
        }
        path = Self.encoded(rest)
    }

    /// Percent-encodes what may not stand in a URL; what is encoded already stays as it is.
    private static func encoded(_ text: Bytes) -> String {
        guard text.contains(where: needsEncoding) else { return String(decoding: text, as: UTF8.self) }
        var out: [UInt8] = []
        for byte in text {
            if needsEncoding(byte) { out += PercentEncoding.triplet(byte).utf8 } else { out.append(byte) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func needsEncoding(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...32, 127...255, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    /// Source: RFC 3986 §5.2.4.
    private static func withoutDots(_ path: String) -> String {
        guard path.holds("/.") || path.holds("/%") else { return path }
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
