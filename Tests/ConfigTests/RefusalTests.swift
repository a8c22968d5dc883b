import Config
import Testing
import WatchCore

@Suite struct RefusalTests {
    @Test(arguments: [
        ("", "f:1:1: is empty; allowed: a configuration"),
        ("# only a comment\n", "f:1:1: is empty; allowed: a configuration"),
        ("- a\n", "f:1:1: is a list; allowed: a map of `key: value` lines"),
        ("---\n...\n", "f:2:1: is nothing; allowed: a map of `key: value` lines"),
        ("targets:\n\t- a\n", "f:2:1: a tab stands in the indentation; allowed: spaces"),
        ("listen: \0\n", "f:1:9: a NUL byte; allowed: text in UTF-8"),
        ("a: 1\n---\nb: 2\n", "f:2:1: a second document begins; allowed: one document in a file"),
        ("a: *x\n", "f:1:4: is an alias (`*name`); allowed: the value itself"),
        (
            "a: &x [1]\n",
            "f:1:4: has an anchor (`&name`) or a tag (`!name`); allowed: the value alone; "
                + "quotes around text that begins with `&`, `*` or `!`"
        ),
        (
            "a: !!str 1\n",
            "f:1:4: has an anchor (`&name`) or a tag (`!name`); allowed: the value alone; "
                + "quotes around text that begins with `&`, `*` or `!`"
        ),
        (
            "listen: [1\n",
            "f:2:1: is no valid YAML: did not find expected ',' or ']' while parsing a flow sequence; "
                + "allowed: `key: value` lines, nested by spaces"
        ),
        (String(repeating: "[", count: 100_000), "f:1:18: is nested too deep; allowed: 16 levels"),
        (String(repeating: "#", count: 1 << 21), "f:1:1: has 2097152 bytes; allowed: at most 1048576 bytes"),
    ])
    func refusesWhatIsNoConfiguration(_ text: String, _ expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test func pointsAtTheByteThatIsNoUTF8() {
        let text = Array("listen: a\nb: ".utf8) + [0xff]
        #expect(throws: ConfigurationError.self) {
            try ConfigurationFile.parse(text, file: "f", surroundings: FileTable().surroundings())
        }
        do {
            _ = try ConfigurationFile.parse(text, file: "f", surroundings: FileTable().surroundings())
        } catch {
            #expect(error.problems.map(\.description) == ["f:2:4: is no UTF-8; allowed: text in UTF-8"])
        }
    }

    @Test func reportsAllProblemsInOneGo_inTheOrderOfTheFile() {
        let text = """
            listen: here
            listen: 127.0.0.1:1
            stateDirektory: /s
            traces: {directory: /t, keep: 30}
            targets:
              - name: a/b
                server: ftp://x
                interval: soon
              - nane: b
            """
        let keys = ConfigurationFile.keys.map(\.name).joined(separator: ", ")
        let url = "an http or https URL: https://host/path"
        let found = problems(text)
        #expect(found.count == 11)
        #expect(found[0].hasPrefix("f:1:1: stateDirectory: is missing; allowed: a path"))
        #expect(found[1].hasPrefix("f:1:9: listen: \"here\" is not understood; allowed: ADDRESS:PORT"))
        #expect(found[2] == "f:2:1: listen: stands in line 1 already; allowed: each key once")
        #expect(found[3] == "f:3:1: stateDirektory: is no key here; allowed: perhaps stateDirectory; all: \(keys)")
        #expect(found[4].hasPrefix("f:4:31: traces.keep: \"30\" is a number; allowed: a time with its unit"))
        #expect(found[5].hasPrefix("f:6:11: targets[0].name: is of the wrong form; allowed: at most 100 printable"))
        #expect(found[6] == "f:7:13: targets[0].server: is no such URL; allowed: \(url)")
        #expect(found[7].hasPrefix("f:8:15: targets[0].interval: \"soon\" is not understood; allowed: a time"))
        #expect(found.contains("f:9:5: targets[1].server: is missing; allowed: \(url)"))
        #expect(found.contains { $0.hasPrefix("f:9:5: targets[1].nane: is no key here; allowed: perhaps name; all: ") })
    }

    @Test(arguments: [
        ("name: a", "targets[1].name"), ("name: A", "targets[1].name"),
    ])
    func refusesTwoTargetsWithOneName(_ name: String, _ key: String) {
        let text = targetText() + "  - \(name)\n    server: https://b.example\n"
        let found = problems(text)
        #expect(found.count == 1)
        #expect(
            found.first?.contains("\(key): ") == true && found.first?.contains("is the name in line 4 already") == true)
    }

    @Test func refusesAnEmptyListOfTargets() {
        #expect(
            problems("stateDirectory: /s\ntraces: {directory: /t}\ntargets: []\n") == [
                "f:3:10: targets: is empty; allowed: at least one target"
            ])
    }

    @Test(arguments: [
        "interval: 15", "interval: 0s", "interval: -5s", "interval: 15 m", "interval: 1.5h", "timeout: 11m",
        "interval: 99999999999999999999d", "interval: 9223372036854775807d", "interval: ٣s", "interval: [1]",
        "interval:",
        "scope: 'a  b'", "scope: ''", "scope: 5", "scope: true", "scope: {a: b}", "scope: \"a\\tb\"",
        "clientName: \"a\\u001bb\"", "refresh: yes", "ipVersion: 5", "redirectURI: nowhere",
        "redirectURI: http://localhost/#x", "allowedOrigins: https://x.example",
        "allowedOrigins: [https://x.example/path]",
        "allowedOrigins: [x.example]", "tool: list", "tool: {arguments: {}}", "tool: {name: t, arguments: [1]}",
        "tool: {name: t, arguments: {a: {b: 1, b: 2}}}", "api: me", "caFile: /absent", "caFile: ~/ca.pem",
        "proxy: socks5://p", "proxy: http://u:canary@p", "resolve: [a:443]", "resolve: [a:0:1.2.3.4]",
        "resolve: [a:443:b]", "allowNetworks: [10.0.0.0/33]", "budgets: {registrationsPerDay: -1}",
        "budgets: {rejectedLoginsPerDay: 7}", "budgets: {clientLifetime: never}", "fields: {user: [a]}", "fields: [a]",
        "submit: {a: b}", "form: 0", "form: true", "client: {}", "client: {id: a, authentication: private_key_jwt}",
        "mcpPath: mcp",
        "mcpPath: /a?b", "username: 7", "passwordFile: /absent", "headersFile: /absent",
        "[a, b]: c", "<<: {interval: 15m}",
    ])
    func refusesWrongValue(_ line: String) {
        let found = problems(targetText(line))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("f:6:") == true)
        #expect(found.first?.contains("; allowed: ") == true && found.first?.contains("warning") == false)
        #expect(found.first?.contains("canary") == false)
    }

    @Test(arguments: [
        "a/b", ".", "..", "-a", "\"a b\"", "ä", "''", String(repeating: "a", count: 101), "7", "\"a\\nb\"",
    ])
    func refusesNameThatIsNoSafeDirectory(_ name: String) {
        let found = problems(targetText().replacing("name: a\n", with: "name: \(name)\n"))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("f:4:11: targets[0].name: ") == true)
    }

    @Test(arguments: [
        "mcp.example", "ftp://mcp.example", "https://", "https://u:canary@mcp.example", "file:///etc", "5",
    ])
    func refusesServerThatIsNoWebURL(_ server: String) {
        let found = problems(targetText().replacing("https://a.example", with: server))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("f:5:13: targets[0].server: ") == true)
        #expect(found.first?.contains("canary") == false)
    }

    @Test func refusesServerPathBesideMCPPath() {
        let text = targetText("mcpPath: /mcp").replacing("https://a.example", with: "https://a.example/other")
        #expect(problems(text).count == 1)
        #expect(
            problems(text).first?.contains("targets[0].mcpPath: stands beside a server URL that has a path") == true)
    }

    @Test(arguments: [
        ("passwordfile", "passwordFile"), ("password_file", "passwordFile"), ("Server", "server"),
        ("redirectUri", "redirectURI"), ("intervall", "interval"), ("allowed-origins", "allowedOrigins"),
    ])
    func suggestsTheNearestKey(_ wrong: String, _ meant: String) {
        #expect(problems(targetText("\(wrong): x")).first?.contains("allowed: perhaps \(meant); all: name, ") == true)
    }

    @Test(arguments: [
        ("budgets: {registrationsPerDay: 25}", "25 is too large; allowed: a whole number from 0 to 24"),
        ("budgets: {registrationsPerDay: -1}", "-1 is too small; allowed: a whole number from 0 to 24"),
        ("budgets: {registrationsPerDay: '4'}", "\"4\" is not understood; allowed: a whole number from 0 to 24"),
        ("redirectURI: mcp.example", "is no URL: it has no scheme; allowed: an absolute URL: https://host/path"),
    ])
    func saysWhatIsAmissWithIt(_ line: String, _ expected: String) {
        #expect(problems(targetText(line)).first?.hasSuffix(": \(expected)") == true)
    }

    @Test func suggestsNothing_whenNoKeyIsNear() {
        #expect(problems(targetText("zzzzzzzz: x")).first?.contains("is no key here; allowed: name, ") == true)
    }

    @Test(arguments: ["on", "yes", "off", "no", "y", "1_000", "0b1", "12:30", ".", "e"])
    func readsPlainWordsAsText(_ word: String) throws {
        #expect(try target("submit: \(word)")?.loginSubmit == word)
    }

    @Test(arguments: ["true", "null", "~", "12", "0x1f", "0o17", "1.5", "1e3", "-4"])
    func wantsQuotesAroundWhatIsNoText(_ word: String) throws {
        #expect(problems(targetText("submit: \(word)")).first?.contains("in quotes") == true)
        #expect(try target("submit: '\(word)'")?.loginSubmit == word)
    }
}
