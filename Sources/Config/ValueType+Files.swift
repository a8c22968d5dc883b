import WatchCore

extension ValueType<String> {
    /// The path of something that need not exist yet, made absolute.
    static let path = ValueType(
        "a path; a relative one starts at the configuration's directory", shape: .text()
    ) { node, decoding in
        guard let text = line("a path").read(node, &decoding) else { return nil }
        guard !text.hasPrefix("~") else {
            decoding.problem(at: node.position, "begins with ~", allowed: "the path in full")
            return nil
        }
        return decoding.surroundings.absolute(text)
    }

    /// The path of a file that must be readable, made absolute.
    static let readablePath = ValueType("the path of a readable file", shape: .text()) { node, decoding in
        guard let path = path.read(node, &decoding), contents(of: [path], for: node, &decoding) != nil else {
            return nil
        }
        return path
    }

    /// The first file that exists among `places`; nil, with a problem noted, when there is none that can be read.
    static func contents(of places: [String], for node: YAMLNode, _ decoding: inout Decoding) -> FileContents? {
        for place in places {
            do {
                return try decoding.surroundings.readFile(place)
            } catch {
                if error.isAbsent { continue }
                let hint = places.count > 1 ? ", or a credential of that name (LoadCredential= in the unit)" : ""
                decoding.problem(
                    at: node.position, "\(place.shown) cannot be read: \(error.reason)",
                    allowed: "a regular file that the user who runs the daemon can read\(hint)")
                return nil
            }
        }
        let tried = places.map(\.shown).joined(separator: ", then ")
        decoding.problem(at: node.position, "there is no file \(tried)", allowed: "the path of a readable file")
        return nil
    }
}

extension ValueType<Secret> {
    /// A secret in a file of its own; the line end at its end does not count.
    static let secretFile = ValueType(
        "the path of a file with the secret alone; a relative one is a systemd credential, else beside the configuration",
        shape: .text()
    ) { node, decoding in
        guard let path = ValueType<String>.line("a path").read(node, &decoding) else { return nil }
        let places = decoding.surroundings.places(ofSecret: path)
        guard let file = ValueType<String>.contents(of: places, for: node, &decoding) else { return nil }
        guard let text = String(validating: file.bytes, as: UTF8.self), !text.utf8.contains(0) else {
            decoding.problem(at: node.position, "the file holds no text in UTF-8", allowed: "the secret as text")
            return nil
        }
        let secret = Secret(text.droppingLineEnd)
        guard !secret.isEmpty else {
            decoding.problem(at: node.position, "the file is empty", allowed: "a file with the secret alone")
            return nil
        }
        guard !secret.reveal().utf8.contains(where: { [10, 13].contains($0) }) else {
            decoding.problem(at: node.position, "the file has several lines", allowed: "a file with the secret alone")
            return nil
        }
        if file.mode & 0o004 != 0 {
            decoding.warning(at: node.position, "everybody on this machine can read the file", allowed: "mode 0600")
        }
        return secret
    }

    /// A secret in the configuration itself, refused when others can read it.
    static let inlineSecret = ValueType(
        "text, where only the owner can read the configuration", shape: .text()
    ) { node, decoding in
        guard !decoding.surroundings.isReadableByOthers else {
            decoding.problem(
                at: node.position, "stands in a file that its group or everybody can read",
                allowed: "passwordFile instead, or mode 0600 for the configuration")
            return nil
        }
        guard let text = node.json.string, !text.isEmpty else {
            decoding.problem(at: node.position, "is \(node.kind)", allowed: "text that is not empty, in quotes")
            return nil
        }
        return Secret(text)
    }
}

extension ValueType<HTTPFields> {
    /// Header fields in a file of their own, one a line.
    static let headersFile = headersFile(reserved: HeaderLines.ofRequests)

    /// The same, where fields with credentials may be among them.
    static let secretHeadersFile = headersFile(reserved: HeaderLines.ofRequests.filter { $0 != "authorization" })

    private static func headersFile(reserved: [String]) -> ValueType {
        ValueType("the path of a file with a line `Name: value` for each header field", shape: .text()) {
            node, decoding in
            guard let path = ValueType<String>.line("a path").read(node, &decoding) else { return nil }
            let places = decoding.surroundings.places(ofSecret: path)
            guard let file = ValueType<String>.contents(of: places, for: node, &decoding) else { return nil }
            return HeaderLines.read(file.bytes, file: places.last ?? path, reserved: reserved, &decoding)
        }
    }
}

extension String {
    /// Without one line end at the end.
    fileprivate var droppingLineEnd: String {
        var bytes = Array(utf8)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
