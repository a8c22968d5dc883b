import Glibc
import Testing
import WatchCore

@testable import Daemon

@Suite struct TraceOptionsTests {
    /// Options of which only those named are given.
    private func options(
        serverURL: String? = nil, username: String? = nil, password: String? = nil, passwordFile: String? = nil,
        config: String? = nil, target: String? = nil, mcpPath: String? = nil, apiURL: String? = nil,
        allowOrigins: [String] = [], timeout: Double? = nil, stateDirectory: String? = nil
    ) -> TraceOptions {
        TraceOptions(
            serverURL: serverURL, username: username, password: password, passwordFile: passwordFile, saveTrace: nil,
            quiet: false, config: config, target: target, clientName: nil, redirectURI: nil, scope: nil,
            mcpPath: mcpPath, apiURL: apiURL, allowOrigins: allowOrigins, timeout: timeout,
            stateDirectory: stateDirectory, caFile: nil, strict: false, redacts: true, isJSON: false)
    }

    @Test func takesTheDefaultsOfTheSeed_whenNothingIsSaid() throws {
        let target = try options().settings { _ in nil }
        #expect(target.server.description == "http://localhost:8000")
        #expect(target.name == "localhost_8000")
        #expect(target.username == "testuser")
        #expect(target.password == Secret("testpass"))
        #expect(target.clientName == "Claude Desktop")
        #expect(target.redirectURI.description == "http://localhost:3000/callback")
        #expect(target.keepsNothing && target.allowsAnnouncedOrigin)
    }

    @Test func takesTheEnvironmentOfTheSeed_andPrefersTheFlags() throws {
        let environment = [
            "OAUTH_SERVER_URL": "https://env.test", "OAUTH_TEST_USERNAME": "env", "OAUTH_TEST_PASSWORD": "env-secret",
            "OAUTH_CLIENT_NAME": "Env",
        ]
        let fromEnvironment = try options().settings { environment[$0] }
        #expect(fromEnvironment.server.description == "https://env.test")
        #expect(fromEnvironment.username == "env")
        #expect(fromEnvironment.password == Secret("env-secret"))
        #expect(fromEnvironment.clientName == "Env")
        let fromFlags = try options(serverURL: "https://flag.test", username: "flag", password: "flag-secret")
            .settings { environment[$0] }
        #expect(fromFlags.server.description == "https://flag.test")
        #expect(fromFlags.username == "flag")
        #expect(fromFlags.password == Secret("flag-secret"))
    }

    @Test(arguments: [("mcp", "https://h.test/mcp"), ("/a/b", "https://h.test/a/b")])
    func putsTheEndpointUnderAPath(path: String, server: String) throws {
        let target = try options(serverURL: "https://h.test", mcpPath: path).settings { _ in nil }
        #expect(target.server.description == server)
    }

    @Test func readsApiOriginsAndTimeout() throws {
        let given = options(
            apiURL: "userinfo", allowOrigins: ["https://login.test/x"], timeout: 0.5, stateDirectory: "s")
        let target = try given.settings { _ in nil }
        #expect(target.api == .userinfo)
        #expect(target.allowedOrigins == [Origin(scheme: "https", host: "login.test", port: 443)])
        #expect(target.timeout == .milliseconds(500))
        #expect(!target.keepsNothing)
    }

    @Test(arguments: ["ftp://h.test", "h.test", "https://user:secret@h.test", "javascript:alert(1)", ""])
    func refusesServersThatAreNone(server: String) {
        #expect { try options(serverURL: server).settings { _ in nil } } throws: { error in
            guard let error = error as? UsageError else { return false }
            return error.status == EX_USAGE && !error.message.contains("secret")
        }
    }

    @Test func saysWhichPasswordFileCannotBeRead() {
        #expect { try options(passwordFile: "/nowhere/password").settings { _ in nil } } throws: { error in
            (error as? UsageError)?.message.contains("/nowhere/password") == true
        }
    }

    @Test func endsAsAConfigurationError_whenTheFileIsNone() {
        #expect { try options(config: "/nowhere.yaml").settings { _ in nil } } throws: { error in
            (error as? UsageError)?.status == EX_CONFIG
        }
    }
}
