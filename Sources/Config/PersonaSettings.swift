import WatchCore

extension ValueType<Persona> {
    /// The name of a known client, or the description of another.
    static let persona = ValueType(
        "\(Persona.known.map(\.name).joined(separator: ", ")), or a map that describes another client",
        keys: described.keys
    ) { node, decoding in
        guard let name = node.json.string else { return described.read(node, &decoding) }
        if let persona = Persona.named(name) { return persona }
        decoding.problem(
            at: node.position, "\"\(name.shown)\" is no known client",
            allowed: "\(Persona.known.map(\.name).joined(separator: ", ")), or a map that describes another client")
        return nil
    }

    private static let described = section(
        Persona(name: "", clientName: "", redirectURI: TargetSettings.defaultRedirectURI),
        keys: [
            ConfigurationKey("name", \.name, .targetName, isRequired: true, "What findings call the client."),
            ConfigurationKey(
                "clientName", \.clientName, .text, isRequired: true, "The name to register with."),
            ConfigurationKey(
                "redirectURI", \.redirectURI, .url, default: "http://localhost:3000/callback",
                "Where the code is sent; never fetched."),
            ConfigurationKey("userAgent", \.userAgent, .text, default: "oauthwatch's", "`User-Agent` of its requests."),
            ConfigurationKey("scope", \.scope, .scope, "What it asks for unless the target says otherwise."),
            ConfigurationKey(
                "strict", \.isStrict, .flag, default: "false",
                "Whether it takes the newest specification by the letter."),
        ])
}

extension ValueType<[Persona]> {
    /// The clients to act as, each once.
    static let personas = ValueType(each.allowed, keys: each.keys) { node, decoding in
        if case .list(let nodes) = node.content, nodes.isEmpty {
            decoding.problem(at: node.position, "is empty", allowed: "at least one client")
        }
        let personas = each.read(node, &decoding)
        if let names = personas?.map(\.name), Set(names).count != names.count {
            decoding.problem(at: node.position, "names a client twice", allowed: "each name once")
        }
        return personas
    }

    private static let each = list(of: .persona)
}
