import WatchCore

extension ValueType<WebURL> {
    /// An absolute URL of any scheme, without credentials and fragment.
    static let url = url("an absolute URL: https://host/path") { _ in true }

    /// An absolute http or https URL.
    static let publicURL = url("an http or https URL: https://host/path") { ["http", "https"].contains($0.scheme) }

    /// An absolute http or https URL to which credentials go; plain http to another machine is a warning.
    static let webURL = url("an http or https URL: https://host/path") { ["http", "https"].contains($0.scheme) }
        .checked { url, position, decoding in
            guard url.scheme == "http", !url.isLoopback else { return }
            decoding.warning(
                at: position, "is not encrypted: password and tokens travel for all to read",
                allowed: "https, or http to this machine")
        }

    /// An http or https URL that alerts go to; plain http to another machine is a warning.
    static let receiverURL = url("an http or https URL: https://host/path") { ["http", "https"].contains($0.scheme) }
        .checked { url, position, decoding in
            guard url.scheme == "http", !url.isLoopback else { return }
            decoding.warning(
                at: position, "is not encrypted: alerts travel for all to read",
                allowed: "https, or http to this machine")
        }

    /// A file with such a URL, for the URL may be a secret.
    static let urlFile = ValueType("the path of a file with an http or https URL alone", shape: .text()) {
        node, decoding in
        guard let secret = ValueType<Secret>.secretFile.read(node, &decoding) else { return nil }
        guard let url = WebURL(secret.reveal()), ["http", "https"].contains(url.scheme), url.userinfo == nil,
            url.fragment == nil
        else {
            decoding.problem(
                at: node.position, "the file holds no such URL", allowed: "an http or https URL: https://host/path")
            return nil
        }
        return url
    }

    /// An HTTP proxy.
    static let proxy = url("an HTTP proxy without path: http://host:port") { url in
        url.scheme == "http" && ["", "/"].contains(url.path) && url.query == nil
    }

    private static func url(_ allowed: String, where isFine: @escaping @Sendable (WebURL) -> Bool) -> ValueType {
        ValueType(allowed, shape: .text()) { node, decoding in
            // The value is never shown: it may hold a password.
            guard let text = node.json.string, let url = WebURL(text), isFine(url) else {
                let fault = node.json.string.map { $0.contains("://") ? "no such URL" : "no URL: it has no scheme" }
                decoding.problem(at: node.position, "is \(fault ?? node.kind)", allowed: allowed)
                return nil
            }
            guard url.userinfo == nil, url.fragment == nil else {
                let part = url.userinfo == nil ? "a fragment (#…)" : "a user name or password"
                decoding.problem(at: node.position, "holds \(part)", allowed: "\(allowed), without it")
                return nil
            }
            return url
        }
    }
}

extension ValueType<Origin> {
    /// Scheme, host and port of a server.
    static let origin = ValueType(
        scalar: "an origin without path: https://host or https://host:port", showsValue: false,
        shape: .text(pattern: "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]+/?$")
    ) {
        guard let url = $0.string.flatMap(WebURL.init), ["http", "https"].contains(url.scheme), url.userinfo == nil,
            ["", "/"].contains(url.path), url.query == nil, url.fragment == nil
        else { return nil }
        return url.origin
    }.checked { origin, position, decoding in
        guard origin.scheme == "http", !WebURL(scheme: "http", host: origin.host).isLoopback else { return }
        decoding.warning(
            at: position, "is not encrypted: password and tokens travel for all to read",
            allowed: "https, or http to this machine")
    }
}

extension ValueType<ListenAddress> {
    /// An address of this machine and a port, or a unix socket; beyond loopback is a warning.
    static let listenAddress = ValueType(
        scalar: "ADDRESS:PORT or unix:PATH: 127.0.0.1:9732, \"[::1]:9732\" or unix:/run/oauthwatch/http.sock",
        shape: .text(pattern: "^(unix:/.+|.+:[0-9]+)$")
    ) { json in
        json.string.flatMap { unixSocket($0) ?? port($0) }
    }.checked { listen, position, decoding in
        guard case .port(let host, _) = listen, IPAddress(host)?.reach != .loopback else { return }
        decoding.warning(
            at: position, "lets other machines read which servers are watched and how they fare",
            allowed: "127.0.0.1, or a network that you trust")
    }

    /// Source: unix(7): `sun_path` holds 108 bytes, the last of them zero.
    private static func unixSocket(_ text: String) -> ListenAddress? {
        guard text.hasPrefix("unix:/"), !text.hasSuffix("/") else { return nil }
        let path = String(text.dropFirst(5))
        return path.utf8.count < 108 && !path.unicodeScalars.contains(where: \.isControl) ? .unix(path: path) : nil
    }

    private static func port(_ text: String) -> ListenAddress? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let portText = text[text.index(after: colon)...]
        let name = String(text[..<colon])
        let bare = name.hasPrefix("[") && name.hasSuffix("]") ? String(name.dropFirst().dropLast()) : name
        guard portText.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(portText),
            bare.contains(":") == (bare != name)
        else { return nil }
        if bare == "localhost" { return .port(host: "127.0.0.1", port: port) }
        return IPAddress(bare) == nil ? nil : .port(host: bare, port: port)
    }
}

extension ValueType<IPNetwork> {
    /// A block of addresses.
    static let network = ValueType(scalar: "a block of addresses: 10.0.0.0/8 or fd00::/8", shape: .text()) { json in
        json.string.flatMap(IPNetwork.init)
    }.checked { network, position, decoding in
        guard network.description.hasSuffix("/0") else { return }
        decoding.warning(at: position, "allows every address", allowed: "the blocks that are meant")
    }
}

extension ValueType<String> {
    /// The path of a URL.
    static let urlPath = line("a path that begins with /, without query: /mcp") { path in
        path.hasPrefix("/") && path.utf8.allSatisfy { (33...126).contains($0) && !"?#\\\"<>`{}".utf8.contains($0) }
    }

    /// A name or address that a `Host` header may hold, without port; kept in lower case.
    static let host = ValueType(scalar: "a host name or address without port: watch.example", shape: .text()) { json in
        guard let text = json.string else { return nil }
        if let address = IPAddress(text) { return address.description }
        guard let url = WebURL("http://\(text)"), url.port == nil, url.path.isEmpty, url.userinfo == nil,
            url.query == nil, url.fragment == nil
        else { return nil }
        return url.host
    }

    /// An entry that stands for the resolver.
    ///
    /// Source: CURLOPT_RESOLVE(3).
    static let resolveEntry = ValueType(
        scalar: "HOST:PORT:ADDRESS: mcp.example:443:192.0.2.7", shape: .text(pattern: "^.+:[0-9]+:.+$")
    ) { json in
        let parts = json.string?.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard let parts, parts.count == 3, let port = UInt16(parts[1]), port > 0, !parts[0].isEmpty,
            WebURL("http://\(parts[0])")?.host == parts[0].lowercased()
        else { return nil }
        let address =
            parts[2].hasPrefix("[") && parts[2].hasSuffix("]") ? String(parts[2].dropFirst().dropLast()) : parts[2]
        return IPAddress(address).map { "\(parts[0].lowercased()):\(port):\($0)" }
    }
}

extension ValueType<TargetSettings.API> {
    /// A URL, or the word that stands for the one in the metadata.
    static let api = ValueType(
        "an http or https URL, or the word userinfo (the endpoint in the OpenID Connect metadata)",
        shape: .text()
    ) { node, decoding in
        if node.json == "userinfo" { return .userinfo }
        return ValueType<WebURL>.webURL.read(node, &decoding).map { .url($0) }
    }
}

extension ValueType<JSON> {
    /// A map that becomes a JSON object.
    static let jsonObject = ValueType("a map", shape: .object) { node, decoding in
        guard note(duplicatesIn: node, &decoding) else { return nil }
        return node.json
    }

    /// Whether this is a map, or a value inside of one, with duplicate keys noted all the way down.
    private static func note(duplicatesIn node: YAMLNode, _ decoding: inout Decoding) -> Bool {
        guard let entries = decoding.entries(of: node) else { return false }
        for entry in entries {
            if case .map = entry.node.content {
                _ = decoding.inside(key: entry.name.shown) { note(duplicatesIn: entry.node, &$0) }
            }
        }
        return true
    }
}

extension ValueType<[String: String]> {
    /// A map of texts.
    static let texts = ValueType("a map of texts", shape: .texts) { node, decoding in
        decoding.entries(of: node).map { entries in
            entries.reduce(into: [:]) { texts, entry in
                texts[entry.name] = decoding.inside(key: entry.name.shown) {
                    ValueType<String>.text.read(entry.node, &$0)
                }
            }
        }
    }
}
