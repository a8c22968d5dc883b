import Crypto
import JSONReader
import Testing
import WatchCore

@testable import Lab

/// An MCP client by hand, one method a request; it expects nothing and gives back what came.
final class HandClient {
    static let callback = "http://localhost:3000/callback"
    static let verifier = "the-verifier-of-the-tests-is-longer-than-43-characters"

    let http: TinyClient
    var clientID = ""
    var cookie = ""
    var formToken = ""

    init(port: UInt16) throws { http = try TinyClient(port: port) }

    @discardableResult
    func register(method: String = "none", redirectURIs: [JSON] = [.string(callback)]) throws -> TinyClient.Answer {
        let body: JSON = [
            "client_name": "by hand", "redirect_uris": .array(redirectURIs),
            "token_endpoint_auth_method": .string(method),
            "grant_types": ["authorization_code", "refresh_token"],
        ]
        let answer = try http.ask("POST", "/register", ["Content-Type": "application/json"], body: body.text())
        clientID = (try? JSON(parsing: answer.body))?["client_id"]?.string ?? ""
        return answer
    }

    /// Asks for the first page, with parameters changed or (nil) left out.
    @discardableResult
    func authorize(_ changes: [String: String?] = [:]) throws -> TinyClient.Answer {
        let challenge = Base64URL.encode(SHA256.digest(Array(Self.verifier.utf8)))
        var pairs = [
            FormPair("response_type", "code"), FormPair("client_id", clientID),
            FormPair("redirect_uri", Self.callback), FormPair("code_challenge", challenge),
            FormPair("code_challenge_method", "S256"), FormPair("state", "the state"),
        ].filter { !changes.keys.contains($0.name) }
        pairs += changes.compactMap { name, value in value.map { FormPair(name, $0) } }
        return note(try http.ask("GET", "/authorize?\(FormPair.encode(pairs))"))
    }

    @discardableResult
    func submit(_ pairs: [FormPair], to path: String = "/authorize") throws -> TinyClient.Answer {
        note(try form(path, [FormPair("csrf_token", formToken)] + pairs, ["Cookie": cookie]))
    }

    func logIn(password: String = "testpass") throws -> TinyClient.Answer {
        try submit([FormPair("username", "testuser"), FormPair("password", password)])
    }

    /// A fresh code for a registered client.
    func code() throws -> String {
        try authorize()
        return try #require(Self.query(try logIn())["code"])
    }

    func redeem(_ code: String, verifier: String = verifier, redirectURI: String = callback) throws -> TinyClient.Answer
    {
        try form(
            "/token",
            [
                FormPair("grant_type", "authorization_code"), FormPair("code", code),
                FormPair("code_verifier", verifier), FormPair("redirect_uri", redirectURI),
                FormPair("client_id", clientID),
            ])
    }

    func refresh(_ token: String) throws -> TinyClient.Answer {
        try form(
            "/token",
            [
                FormPair("grant_type", "refresh_token"), FormPair("refresh_token", token),
                FormPair("client_id", clientID),
            ])
    }

    func form(_ path: String, _ pairs: [FormPair], _ fields: HTTPFields = [:]) throws -> TinyClient.Answer {
        var fields = fields
        fields["Content-Type"] = "application/x-www-form-urlencoded"
        return try http.ask("POST", path, fields, body: FormPair.encode(pairs))
    }

    func mcp(
        _ method: String, token: String? = nil, _ parameters: JSON = [:], path: String = "/", fields: HTTPFields = [:]
    ) throws -> TinyClient.Answer {
        var fields = fields
        fields["Content-Type"] = "application/json"
        if fields["Accept"] == nil { fields["Accept"] = "application/json, text/event-stream" }
        if let token { fields["Authorization"] = "Bearer \(token)" }
        let message: JSON = ["jsonrpc": "2.0", "id": 7, "method": .string(method), "params": parameters]
        return try http.ask("POST", path, fields, body: message.text())
    }

    /// Registers, logs in and redeems.
    func tokens() throws -> (access: String, refresh: String) {
        try register()
        return try Self.tokens(in: try redeem(try code()))
    }

    static func tokens(in answer: TinyClient.Answer) throws -> (access: String, refresh: String) {
        let json = try JSON(parsing: answer.body)
        return (try #require(json["access_token"]?.string), try #require(json["refresh_token"]?.string))
    }

    /// The query of a redirect.
    static func query(_ answer: TinyClient.Answer) -> [FormPair] {
        answer.fields["Location"].flatMap { WebURL($0)?.queryPairs } ?? []
    }

    /// The error code in a JSON body.
    static func error(_ answer: TinyClient.Answer) throws -> String? { try JSON(parsing: answer.body)["error"]?.string }

    private func note(_ answer: TinyClient.Answer) -> TinyClient.Answer {
        if let set = answer.fields["Set-Cookie"] { cookie = String(set.prefix { $0 != ";" }) }
        if let field = answer.text.range(of: "name=\"csrf_token\" value=\"") {
            formToken = String(answer.text[field.upperBound...].prefix { $0 != "\"" })
        }
        return answer
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}

/// Runs a body against a lab of its own on a free port.
func withLab(
    _ faults: [String] = [], store: LabStore = LabStore(), clock: any WatchClock = SystemClock(),
    change: (inout LabConfiguration) -> Void = { _ in },
    _ body: (HandClient, LabServer) throws -> Void
) throws {
    var configuration = LabConfiguration()
    configuration.port = 0
    configuration.faults = faults
    change(&configuration)
    let server = try LabServer(configuration, store: store, clock: clock)
    let port = try server.start()
    defer { server.stop() }
    try body(try HandClient(port: port), server)
}
