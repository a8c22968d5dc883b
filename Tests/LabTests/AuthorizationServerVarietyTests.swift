import Crypto
import JSONReader
import Testing
import WatchCore

@testable import Lab

@Suite struct AuthorizationServerVarietyTests {
    private static let server = "/.well-known/oauth-authorization-server"
    private static let openID = "/.well-known/openid-configuration"
    private static let resource = "/.well-known/oauth-protected-resource"

    @Test(
        arguments: [
            ([], server, 200), ([], openID, 404), ([], resource, 200), ([], resource + "/mcp", 200),
            ([], resource + "/other", 404), (["oidc-only"], server, 404), (["oidc-only"], openID, 200),
            (["path-issuer"], server, 404), (["path-issuer"], server + "/tenant", 200),
            (["path-issuer", "oidc-only"], "/tenant" + openID, 200), (["path-issuer"], "/tenant/token", 405),
            (["no-prm"], resource, 404), (["no-metadata"], server, 404), (["prm-odd-url"], resource, 404),
            (["prm-odd-url"], Route.oddResourceMetadata, 200), (["prm-root-only"], resource + "/mcp", 404),
            (["mcp-under-path"], resource, 404),
        ] as [([String], String, Int)])
    func servesDocument(faults: [String], path: String, status: Int) throws {
        try withLab(faults) { (client, _) throws in #expect(try client.http.ask("GET", path).status == status) }
    }

    @Test(
        arguments: [
            ("no-s256", "code_challenge_methods_supported", nil),
            ("s256-missing-from-list", "code_challenge_methods_supported", ["plain"]),
            ("issuer-other", "issuer", "https://issuer.lab.invalid"),
            ("http-endpoints", "token_endpoint", "http://oauth.lab.invalid/token"),
        ] as [(String, String, JSON?)])
    func spoilsMetadata(fault: String, member: String, value: JSON?) throws {
        try withLab([fault]) { (client, _) throws in
            #expect(try JSON(parsing: try client.http.ask("GET", Self.server).body)[member] == value)
        }
    }

    @Test(arguments: [
        ("metadata-to-private-address", "http://10.255.255.1"),
        ("metadata-to-169.254.169.254", "http://169.254.169.254"),
    ])
    func pointsToForbiddenAddress(fault: String, server: String) throws {
        try withLab([fault]) { (client, _) throws in
            let metadata = try JSON(parsing: try client.http.ask("GET", Self.resource).body)
            #expect(metadata["authorization_servers"] == [.string(server)])
        }
    }

    @Test(arguments: [
        ("registration-500", 500), ("registration-429", 429), ("registration-200", 200),
        ("registration-malformed", 201),
    ])
    func registersOtherwise(fault: String, status: Int) throws {
        try withLab([fault]) { (client, _) throws in #expect(try client.register().status == status) }
    }

    @Test func issuesSecretWithMethodNone() throws {
        try withLab(["secret-with-method-none"]) { (client, _) throws in
            let answer = try JSON(parsing: try client.register().body)
            #expect(answer["token_endpoint_auth_method"] == "none")
            #expect(answer["client_secret"]?.string != nil)
            #expect(try client.redeem(try client.code()).status == 200)
        }
    }

    @Test func deletesManagedClient_withItsTokenOnly() throws {
        try withLab(["registration-managed"]) { (client, server) throws in
            let answer = try JSON(parsing: try client.register().body)
            let path = try #require(answer["registration_client_uri"]?.string.flatMap { WebURL($0) }).path
            let token = try #require(answer["registration_access_token"]?.string)
            #expect(try client.http.ask("DELETE", path).status == 401)
            #expect(try client.http.ask("DELETE", path, ["Authorization": "Bearer \(token)"]).status == 204)
            #expect(server.stats.clients == 0)
        }
    }

    @Test(arguments: [("basic-only", "client_secret_basic"), ("post-only", "client_secret_post")])
    func takesOneWayOfClientAuthentication(fault: String, method: String) throws {
        try withLab([fault]) { (client, _) throws in
            #expect(try client.register(method: "none").status == 400)
            let secret = try #require(
                try JSON(parsing: try client.register(method: method).body)["client_secret"]?.string)
            let code = try client.code()
            #expect(try HandClient.error(try client.redeem(code)) == "invalid_client")
            var pairs = [
                FormPair("grant_type", "authorization_code"), FormPair("code", code),
                FormPair("code_verifier", HandClient.verifier), FormPair("client_id", client.clientID),
            ]
            var fields = HTTPFields()
            if method == "client_secret_basic" {
                fields["Authorization"] = "Basic \(Base64.encode(Array("\(client.clientID):\(secret)".utf8)))"
            } else {
                pairs.append(FormPair("client_secret", secret))
            }
            #expect(try client.form("/token", pairs, fields).status == 200)
        }
    }

    @Test(arguments: [
        ("expires-in-string", JSON.string("3600")), ("expires-in-zero", 0),
    ])
    func writesLifetime(fault: String, value: JSON) throws {
        try withLab([fault]) { (client, _) throws in
            try client.register()
            #expect(try JSON(parsing: try client.redeem(try client.code()).body)["expires_in"] == value)
        }
    }

    @Test(
        arguments: [
            ("code-refused", 400, "error", "invalid_grant"), ("error-in-200", 200, "error", "invalid_grant"),
            ("no-refresh-token", 200, "refresh_token", nil),
        ] as [(String, Int, String, JSON?)])
    func answersCode(fault: String, status: Int, member: String, value: JSON?) throws {
        try withLab([fault]) { (client, _) throws in
            try client.register()
            let answer = try client.redeem(try client.code())
            #expect(answer.status == status)
            #expect(try JSON(parsing: answer.body)[member] == value)
        }
    }

    @Test func writesErrorsAsFrameworksDo() throws {
        try withLab(["http-framework-errors"]) { (client, _) throws in
            let answer = try client.redeem("made-up")
            #expect(answer.status == 401)
            #expect(try JSON(parsing: answer.body).members?.map(\.name) == ["detail"])
        }
    }

    @Test func keepsRefreshToken_whereItDoesNotRotate() throws {
        try withLab(["no-rotation"]) { (client, _) throws in
            let tokens = try client.tokens()
            for _ in 0..<2 {
                let answer = try JSON(parsing: try client.refresh(tokens.refresh).body)
                #expect(answer["access_token"] != .string(tokens.access))
                #expect(answer["refresh_token"] == nil)
            }
        }
    }

    @Test func returnsSameAccessToken() throws {
        try withLab(["refresh-same-token"]) { (client, _) throws in
            let tokens = try client.tokens()
            let answer = try JSON(parsing: try client.refresh(tokens.refresh).body)
            #expect(answer["access_token"] == .string(tokens.access))
        }
    }

    @Test(arguments: [("refresh-dies", 400, 200), ("refresh-ends-older", 200, 401)])
    func treatsRefresh(fault: String, refresh: Int, oldToken: Int) throws {
        try withLab([fault]) { (client, _) throws in
            let tokens = try client.tokens()
            #expect(try client.refresh(tokens.refresh).status == refresh)
            #expect(try client.mcp("ping", token: tokens.access).status == oldToken)
        }
    }
}
