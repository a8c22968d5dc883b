import HTMLForms
import JSONReader
import WatchCore

/// What a server presents to a login run, by structure: what stays the same while the server stays the same.
struct ServerPortrait {
    /// A part of more bytes is told by its size only: the server decides how large it is.
    private static let largest = 32 << 10
    /// Fields of the login page that protect it.
    private static let protectingFields = [
        "content-security-policy", "x-frame-options", "referrer-policy", "strict-transport-security",
        "x-content-type-options", "cache-control", "permissions-policy", "cross-origin-opener-policy",
    ]

    /// The parts by name; what the run did not come to see is absent.
    private(set) var json: JSON

    /// Takes the portrait.
    ///
    /// - Parameters:
    ///   - exchanges: of the ordinary flow, in their order.
    ///   - facts: what else the run has learned.
    ///   - origin: of the watched server, for what TLS says.
    ///   - form: the first page with a form, where the flow has read it already.
    init(_ exchanges: [Exchange], facts: RunFacts, origin: Origin, form: ReadPage? = nil) {
        let published = Published(exchanges)
        let parts: [(String, JSON?)] = [
            ("challenge", Self.challenge(exchanges)), ("resource", published.document(with: "authorization_servers")),
            ("metadata", published.document(with: "token_endpoint")), ("registration", Self.registration(exchanges)),
            ("login", Self.login(exchanges, form)), ("token", Self.token(exchanges)), ("mcp", Self.mcp(exchanges)),
            ("tls", Self.tls(exchanges, origin)), ("revision.profile", facts.revision.map { .string($0) }),
            ("revision.protocol", facts.protocolVersion.map { .string($0) }),
        ]
        json = .object(parts.compactMap { name, part in part.map { JSON.Member(name, Self.bounded($0)) } })
    }

    private static func bounded(_ part: JSON) -> JSON {
        if part.isSmall(largest) { return part }
        let size = part.bytes().count
        return size > largest ? ["bytes": .integer(size)] : part
    }

    /// The first refusal, and what was answered without a token before it.
    private static func challenge(_ exchanges: [Exchange]) -> JSON? {
        let asked = exchanges.filter { $0.request.step == .challenge }
        guard let refusal = asked.compactMap(\.response).first(where: { [400, 401, 403].contains($0.status) }) else {
            return nil
        }
        let open = asked.filter { $0.response.map { (200...299).contains($0.status) } ?? false }
            .compactMap(\.rpcMethod).filter { !$0.hasPrefix("notifications/") }
        let parameters = BearerChallenge(refusal.fields.all("www-authenticate"))?.parameters
        return [
            "status": .integer(refusal.status),
            "bearer": parameters.map { parameters in
                .object(
                    parameters.sorted { $0.key < $1.key }.map { name, value in
                        JSON.Member(name, name == "scope" ? words(value) : value.stable)
                    })
            } ?? .null,
            "answeredWithoutToken": .array(open.map { .string($0) }),
        ]
    }

    private static func registration(_ exchanges: [Exchange]) -> JSON? {
        guard
            let response = exchanges.first(where: { $0.request.step == .registration && $0.request.method == "POST" })?
                .response, response.status == 200 || response.status == 201,
            let json = response.json
        else { return nil }
        return ["status": .integer(response.status), "answer": json.stable]
    }

    /// The first page: its forms, and how it is protected. A consent page that follows may be left out the next time.
    private static func login(_ exchanges: [Exchange], _ form: ReadPage?) -> JSON? {
        let shown = exchanges.first { exchange in
            (exchange.request.step == .authorization || exchange.request.step == .authentication)
                && exchange.response?.status == 200 && exchange.response?.isPage == true
        }
        guard let shown, let first = shown.response else {
            // Only a login that came through without a page has none.
            let came = exchanges.contains { $0.request.step == .token }
            return came ? ["pages": 0] : nil
        }
        let fields = protectingFields.compactMap { name in
            first.fields[name].map { JSON.Member(name, .string(withoutNonces($0))) }
        }
        let page =
            if let form, form.page.url == shown.request.url, form.body == first.body { form.page } else {
                HTMLPage(bytes: first.body, contentType: first.fields["content-type"], url: shown.request.url)
            }
        return ["fields": .object(fields), "forms": .array(page.forms.map(\.portrait))]
    }

    private static func token(_ exchanges: [Exchange]) -> JSON? {
        guard let response = exchanges.first(where: { $0.request.step == .token })?.response, response.status == 200,
            let members = response.json?.members
        else { return nil }
        let shown = members.map { member -> JSON.Member in
            switch member.name {
            case "scope": JSON.Member("scope", member.value.string.map(words) ?? member.value.stable)
            case "token_type": member
            // A server may say how long the token has left: the minute counts.
            case let name where name.hasSuffix("expires_in"): JSON.Member(name, minutes(member.value))
            default: JSON.Member(member.name, member.value.kind)
            }
        }
        let cache = response.fields["cache-control"].map { JSON.string($0) } ?? .null
        return .object(shown + [JSON.Member("Cache-Control", cache)])
    }

    /// Seconds, rounded up to whole minutes.
    private static func minutes(_ seconds: JSON) -> JSON {
        guard let number = seconds.number, let whole = Int(exactly: (number / 60).rounded(.up) * 60) else {
            return seconds
        }
        return .integer(whole)
    }

    /// What `initialize` and `tools/list` say with the token.
    private static func mcp(_ exchanges: [Exchange]) -> JSON? {
        func result(_ methods: Set<String>) -> JSON? {
            for exchange in exchanges where exchange.request.step == .mcp && methods.contains(exchange.rpcMethod ?? "")
            {
                guard let response = exchange.response, response.status == 200, let id = exchange.rpcID,
                    case .result(let result)? = try? MCPAnswer.read(response, id: id)
                else { continue }
                return result
            }
            return nil
        }
        guard let tools = result(["tools/list"])?["tools"]?.array else { return nil }
        let server = result(["initialize", "server/discover"])
        return [
            "server": (server?["serverInfo"] ?? .null).stable,
            "capabilities": .array((server?["capabilities"]?.members ?? []).map { .string($0.name) }),
            "tools": .array(tools.compactMap { $0["name"]?.string }.sorted().map { .string($0) }),
        ]
    }

    private static func tls(_ exchanges: [Exchange], _ origin: Origin) -> JSON? {
        let own = exchanges.first { $0.response?.tls != nil && $0.request.url.origin == origin }
        return own?.response?.tls.map { ["subject": .string($0.subject), "issuer": .string(organization($0.issuer))] }
    }

    /// Of an issuer the organization, where it has one: its certificates are signed in turn by several of its names.
    private static func organization(_ issuer: String) -> String {
        let parts = issuer.utf8.split(separator: UInt8(ascii: ",")).map { Substring($0).trimmingSpaces }
        return parts.first { $0.hasPrefix("O=") || $0.hasPrefix("O =") } ?? issuer
    }

    private static func words(_ text: String) -> JSON {
        .array(text.utf8.split(separator: UInt8(ascii: " ")).map { .string(String(Substring($0))) })
    }

    /// A policy without the value that it makes up for each page.
    private static func withoutNonces(_ policy: String) -> String {
        policy.utf8.split(separator: UInt8(ascii: " "))
            .map { $0.starts(with: "'nonce-".utf8) ? "'nonce-…'" : String(Substring($0)) }.joined(separator: " ")
    }
}

/// A page, and the bytes from which it was read.
struct ReadPage {
    var page: HTMLPage
    var body: [UInt8]
}

/// The documents that a discovery found.
private struct Published {
    private let answers: [HTTPResponse]
    private let documents: [JSON]

    init(_ exchanges: [Exchange]) {
        answers = exchanges.filter { $0.request.step == .discovery }.compactMap(\.response)
        documents = answers.filter { $0.status == 200 }.compactMap(\.json)
    }

    /// The first one that has a member of this name; null when there was a discovery without one.
    func document(with member: String) -> JSON? {
        if let found = documents.first(where: { $0[member] != nil }) { return found.stable }
        // Broken documents have findings of their own; only a clean absence is a change.
        let isAbsent = !answers.isEmpty && answers.allSatisfy { $0.status == 404 || $0.status == 200 }
        let isKnown = isAbsent && documents.count == answers.count { $0.status == 200 }
        return isKnown ? .some(.null) : Optional.none
    }
}

extension Exchange {
    fileprivate var rpcMethod: String? {
        guard case .json(let message)? = request.body else { return nil }
        return message["method"]?.string
    }

    fileprivate var rpcID: Int? {
        guard case .json(let message)? = request.body else { return nil }
        return message["id"]?.integer
    }
}

extension HTMLForm {
    /// What a form is made of, without what is filled in.
    fileprivate var portrait: JSON {
        let action = (attributes["action"] ?? "").utf8.prefix { $0 != UInt8(ascii: "?") }
        let fields = controls.filter { !$0.name.isEmpty || $0.isSubmitButton }
        return [
            "method": .string(attributes["method"]?.lowercased() ?? "get"),
            "action": .string(String(Substring(action))).stable,
            "fields": .array(fields.map { .string("\($0.name):\($0.type)") }),
        ]
    }
}

extension String {
    /// The text, unless no person wrote it.
    fileprivate var stable: JSON { JSON.string(self).stable }
}

extension JSON {
    /// The kind alone: what is secret or differs each time.
    fileprivate var kind: JSON {
        switch self {
        case .null: .null
        case .bool: "<boolean>"
        case .integer, .number: "<number>"
        case .string: "<text>"
        case .array: "<list>"
        case .object: "<object>"
        }
    }

    /// The value, the kind alone where it differs each time: what no person wrote, and members that are made for us.
    fileprivate var stable: JSON {
        switch self {
        case .string(let text): text.looksRandom ? kind : self
        case .array(let elements): .array(elements.map(\.stable))
        case .object(let members):
            .object(members.map { JSON.Member($0.name, Self.isOurs($0.name) ? $0.value.kind : $0.value.stable) })
        default: self
        }
    }

    /// Whether it comes to at most `limit` bytes of text for sure, told without writing it.
    fileprivate func isSmall(_ limit: Int) -> Bool {
        var room = limit
        return fits(&room)
    }

    /// No byte of a text becomes more than the six of `\u0000`; numbers, brackets and words are shorter than 32.
    private func fits(_ room: inout Int) -> Bool {
        room -= 32
        switch self {
        case .string(let text): room -= 6 * text.utf8.count
        case .array(let elements): for element in elements where !element.fits(&room) { return false }
        case .object(let members):
            for member in members {
                room -= 6 * member.name.utf8.count
                if !member.value.fits(&room) { return false }
            }
        case .null, .bool, .integer, .number: break
        }
        return room >= 0
    }

    private static func isOurs(_ name: String) -> Bool {
        switch name {
        case "client_id", "client_secret", "registration_client_uri", "signed_metadata", "software_statement", "iat",
            "exp":
            true
        default: name.hasSuffix("_token") || name.hasSuffix("_at")
        }
    }
}

extension String {
    /// Whether no person wrote it: a long word of letters and digits.
    fileprivate var looksRandom: Bool {
        guard utf8.count >= 20, utf8.allSatisfy({ $0.isWord }) else { return false }
        let digits = utf8.count { (0x30...0x39).contains($0) }
        return digits >= 3 && digits < utf8.count || utf8.count >= 64
    }
}

extension UInt8 {
    fileprivate var isWord: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self)
            || [0x2b, 0x2d, 0x2e, 0x2f, 0x3d, 0x5f].contains(self)
    }
}
