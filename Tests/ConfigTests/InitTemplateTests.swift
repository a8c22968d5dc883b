import Config
import Testing
import WatchCore

@Suite struct InitTemplateTests {
    @Test(arguments: [
        "https://mcp.example", "http://127.0.0.1:8000/mcp", "http://[::1]:8000", "https://user:pw@x.example/a?b=c#d",
        "https://null", "https://1.example/", "https://-x.example",
        "https://\(String(repeating: "a", count: 120)).example",
    ])
    func isAcceptedByTheParser(_ url: String) throws {
        let server = try #require(WebURL(url))
        let text = InitTemplate(server: server).text
        let parsed = try configuration(text, withPassword.surroundings())
        var expected = server
        (expected.userinfo, expected.fragment) = (nil, nil)
        #expect(parsed.targets.map(\.server) == [expected])
        #expect(!text.contains("pw"))
    }

    @Test func pinsTheOriginsThatWereFound() throws {
        let server = try #require(WebURL("https://mcp.example/mcp"))
        let origins: Set = [
            Origin(scheme: "https", host: "login.example", port: 443), Origin(scheme: "https", host: "a", port: 1),
        ]
        var template = InitTemplate(server: server, allowedOrigins: origins, scope: "read write:all")
        template.isAPI = true
        let target = try #require(try configuration(template.text, withPassword.surroundings()).targets.first)
        #expect(target.allowedOrigins == origins && target.scope == "read write:all" && target.api == .userinfo)
        #expect(target.name == "mcp.example" && target.username == "CHANGE-ME")
    }

    @Test func looksAsIsPrinted() throws {
        let server = try #require(WebURL("https://mcp.example/mcp"))
        let origin = Origin(scheme: "https", host: "login.example", port: 443)
        #expect(
            InitTemplate(server: server, allowedOrigins: [origin], scope: "read").text == """
                # A first configuration for mcp.example. Put the test user's password alone into the file that passwordFile
                # names, mode 0600; a relative name begins at this file's directory. Then try it:
                #   oauthwatch check-config FILE
                #   oauthwatch run --config FILE
                listen: 127.0.0.1:9732
                stateDirectory: /var/lib/oauthwatch
                traces:
                  directory: /var/log/oauthwatch/traces
                targets:
                  - name: mcp.example
                    server: https://mcp.example/mcp
                    # A user of its own, with as few rights as possible.
                    username: CHANGE-ME
                    passwordFile: credentials/mcp.example
                    # Discovery found these origins besides the server's own. They may receive the password and the tokens:
                    # keep only those that you know.
                    allowedOrigins:
                      - https://login.example
                    # What the server asks for.
                    scope: read
                    interval: 15m
                    timeout: 30s

                """)
    }
}

/// A password, whatever the target is called.
private struct AnyPassword {
    func surroundings() -> Surroundings {
        Surroundings(baseDirectory: "/etc/oauthwatch") { path throws(FileFault) in
            guard path.hasPrefix("/etc/oauthwatch/credentials/") else {
                throw FileFault(isAbsent: true, reason: "none")
            }
            return FileContents(bytes: Array("secret\n".utf8))
        }
    }
}

private let withPassword = AnyPassword()
