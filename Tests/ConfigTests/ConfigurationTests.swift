import Config
import Glibc
import Testing
import WatchCore

@Suite struct ConfigurationTests {
    @Test func givesDefaults_whereNothingIsSaid() throws {
        let configuration = try configuration(targetText())
        #expect(configuration.listen == ListenAddress.port(host: "127.0.0.1", port: 9732))
        #expect(configuration.allowedHosts == ["localhost", "127.0.0.1", "::1"])
        #expect(configuration.traces == TraceSettings(directory: "/t"))
        let target = try #require(configuration.targets.first)
        let server = try #require(WebURL("https://a.example"))
        let plain = TargetSettings(
            name: "a", server: server, username: "", password: nil, redirectURI: TargetSettings.defaultRedirectURI)
        #expect(target == plain)
        #expect(target.redirectURI == WebURL("http://localhost:3000/callback"))
        #expect(target.interval == .seconds(900) && target.sessionInterval == .seconds(300))
    }

    @Test func passesOverAByteOrderMark() throws {
        #expect(try configuration("\u{feff}" + targetText()) == configuration(targetText()))
    }

    @Test func readsTheSmallestConfiguration() throws {
        let (configuration, warnings) = try loadExample("oauthwatch.minimal.yaml")
        #expect(warnings.isEmpty)
        let target = try #require(configuration.targets.first)
        #expect(configuration.stateDirectory == "/var/lib/oauthwatch")
        #expect(configuration.traces.directory == "/var/log/oauthwatch/traces")
        #expect(target.name == "mcp.bobjansen.net" && target.server.description == "https://mcp.bobjansen.net")
        #expect(target.username == "oauthwatch" && target.password == Secret("canary"))
        #expect(target.scope == "read write" && target.timeout == .seconds(30) && target.interval == .seconds(900))
    }

    @Test func readsTheAnnotatedExample() throws {
        let (configuration, warnings) = try loadExample("oauthwatch.example.yaml")
        #expect(warnings.isEmpty)
        #expect(configuration.traces == TraceSettings(directory: "/var/log/oauthwatch/traces"))
        #expect(configuration.targets.map(\.name) == ["mcp.bobjansen.net", "accounts"])
        #expect(configuration.targets[0].budgets == TargetSettings.Budgets())
        let other = configuration.targets[1]
        #expect(other.api == .userinfo && other.loginSubmit == "Sign in" && other.loginForm == "login")
        #expect(other.loginFields == ["login_name": "{username}", "pin": "{password}", "tenant": "main"])
        #expect(
            other.client
                == TargetSettings.Client(
                    id: "oauthwatch", secret: Secret("canary"), authentication: "client_secret_basic"))
    }

    @Test func showsEveryKeyInTheAnnotatedExample() throws {
        let text = try String(
            decoding: FileContents(path: repositoryPath("config/oauthwatch.example.yaml")).bytes, as: UTF8.self)
        func names(_ keys: [KeyDescription]) -> [String] { keys.flatMap { [$0.name] + names($0.keys) } }
        let missing = names(ConfigurationFile.keys).filter { !text.contains("\($0):") }
        #expect(missing.isEmpty)
    }

    @Test func readsEveryTargetKey() throws {
        let files: FileTable = ["/etc/oauthwatch/ca.pem": "pem", "/h": "# comment\n\nX-Probe: one two\n"]
        let target = try #require(
            try target(
                "mcpPath: /mcp", "clientName: Watch", "redirectURI: cursor://app/cb", "scope: a b",
                "allowedOrigins: [https://login.example, \"https://x.example:8443/\"]",
                "tool: {name: t, arguments: {n: 1, on: yes, deep: [true, null, 1.5, '2']}}",
                "api: https://a.example/me", "caFile: ca.pem", "proxy: http://p.example:3128", "headersFile: /h",
                "ipVersion: 4", "resolve: [\"a.example:443:[2001:db8::1]\"]", "allowNetworks: [10.0.0.0/8]",
                "interval: 2h", "sessionInterval: 90s", "timeout: 200ms", "refresh: required",
                "budgets: {registrationsPerDay: 1, rejectedLoginsPerDay: 2, clientLifetime: 3d}", files: files))
        #expect(target.server.description == "https://a.example/mcp" && target.clientName == "Watch")
        #expect(target.redirectURI.description == "cursor://app/cb" && target.scope == "a b")
        #expect(
            target.allowedOrigins.map(\.description).sorted() == ["https://login.example", "https://x.example:8443"])
        #expect(target.tool?.arguments == ["n": 1, "on": "yes", "deep": [true, nil, 1.5, "2"]])
        #expect(target.api == WebURL("https://a.example/me").map { .url($0) })
        #expect(target.connection.caFile == "/etc/oauthwatch/ca.pem" && target.connection.ipVersion == .v4)
        #expect(target.connection.proxy?.description == "http://p.example:3128")
        #expect(target.connection.headers == ["X-Probe": "one two"])
        #expect(target.connection.resolve == ["a.example:443:2001:db8::1"])
        #expect(target.connection.allowNetworks.map(\.description) == ["10.0.0.0/8"])
        #expect(target.interval == .seconds(7200) && target.sessionInterval == .seconds(90))
        #expect(target.timeout == .milliseconds(200) && target.requiresRefresh)
        #expect(target.budgets.registrationsPerDay == 1 && target.budgets.rejectedLoginsPerDay == 2)
        #expect(target.budgets.clientLifetime == .seconds(3 * 86_400))
    }

    @Test(arguments: [
        ("127.0.0.1:9732", "127.0.0.1:9732"), ("localhost:0", "127.0.0.1:0"), ("\"[::1]:80\"", "[::1]:80"),
        ("unix:/run/oauthwatch/http.sock", "unix:/run/oauthwatch/http.sock"),
    ])
    func readsListenAddress(_ text: String, _ expected: String) throws {
        #expect(try configuration("listen: \(text)\n" + targetText()).listen.description == expected)
    }

    @Test(arguments: ["unix:", "unix:relative/s", "unix:/run/", "unix:/\(String(repeating: "x", count: 107))"])
    func refusesAnAddressThatIsNone(_ text: String) {
        #expect(problems("listen: '\(text)'\n" + targetText()).first?.hasPrefix("f:1:9: listen: ") == true)
    }

    @Test(arguments: [("true", true), ("false", false)])
    func readsFlags(_ text: String, _ expected: Bool) throws {
        #expect(try configuration("reloadEndpoint: \(text)\n" + targetText()).reloadEndpoint == expected)
        #expect(try configuration("stepHistograms: \(text)\n" + targetText()).stepHistograms == expected)
        #expect(problems("reloadEndpoint: 'yes'\n" + targetText()).count == 1)
    }

    @Test(arguments: [("2", "2"), ("login", "login"), ("'007'", "007")])
    func namesTheForm_byTextOrPlace(_ form: String, _ expected: String) throws {
        #expect(try target("form: \(form)")?.loginForm == expected)
    }

    @Test(arguments: [("1B", 1), ("64KiB", 65_536), ("200MiB", 209_715_200), ("2GiB", 2_147_483_648)])
    func readsSizes(_ text: String, _ expected: Int) throws {
        let text = targetText().replacing("{directory: /t}", with: "{directory: /t, maxSize: \(text)}")
        #expect(try configuration(text).traces.maxSize == expected)
    }
}

/// Loads a file of `config/`, with every file that it names holding `canary`.
func loadExample(_ name: String) throws -> (configuration: Configuration, warnings: [ConfigurationProblem]) {
    let surroundings = Surroundings(baseDirectory: "/etc/oauthwatch") { _ throws(FileFault) in
        FileContents(bytes: Array("canary\n".utf8))
    }
    let contents = try FileContents(path: repositoryPath("config/\(name)"))
    return try ConfigurationFile.parse(contents.bytes, file: name, surroundings: surroundings)
}

/// A file of this repository.
func repositoryPath(_ path: String) -> String {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return (here + [Substring(path)]).joined(separator: "/")
}
