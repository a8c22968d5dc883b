import Config
import Glibc
import Testing
import WatchCore

@Suite struct SecretTests {
    @Test(arguments: ["canary", "canary\n", "canary\r\n"])
    func trimsOneLineEnd(_ text: String) throws {
        let target = try target("username: u", "passwordFile: /p", files: ["/p": text])
        #expect(target?.password == Secret("canary"))
    }

    @Test func keepsSpaces() throws {
        let target = try target("username: u", "passwordFile: /p", files: ["/p": " a b \n"])
        #expect(target?.password == Secret(" a b "))
    }

    @Test(arguments: ["canary\n\n", "canary\nmore", "canary\r\nmore\r\n"])
    func refusesSeveralLines_whichNoFormFieldCouldHold(_ text: String) {
        #expect(
            problems(targetText("username: u", "passwordFile: /p"), files: ["/p": text]) == [
                "f:7:19: targets[0].passwordFile: the file has several lines; allowed: a file with the secret alone"
            ])
    }

    @Test func looksAmongCredentialsFirst_thenBesideTheConfiguration() throws {
        let both: FileTable = ["/run/cred/p": "first", "/etc/oauthwatch/p": "second"]
        let lines = ["username: u", "passwordFile: p"]
        #expect(try target(lines[0], lines[1], files: both, credentials: "/run/cred")?.password == Secret("first"))
        let one: FileTable = ["/etc/oauthwatch/p": "second"]
        #expect(try target(lines[0], lines[1], files: one, credentials: "/run/cred")?.password == Secret("second"))
        #expect(try target(lines[0], lines[1], files: both)?.password == Secret("second"))
    }

    @Test func findsAFileOfACredentialDirectory_byItsPath() throws {
        let lines = ["username: u", "passwordFile: credentials/a"]
        let loaded: FileTable = ["/run/cred/credentials_a": "first", "/etc/oauthwatch/credentials/a": "second"]
        #expect(try target(lines[0], lines[1], files: loaded, credentials: "/run/cred")?.password == Secret("first"))
        #expect(try target(lines[0], lines[1], files: loaded)?.password == Secret("second"))
    }

    @Test func saysWhereItLooked_whenThereIsNoFile() {
        let found = problems(targetText("username: u", "passwordFile: p"))
        #expect(found.first?.contains("passwordFile: there is no file /etc/oauthwatch/p; allowed:") == true)
    }

    @Test func refusesEmptyPasswordFile() {
        let found = problems(targetText("username: u", "passwordFile: /p"), files: ["/p": "\n"])
        #expect(
            found == [
                "f:7:19: targets[0].passwordFile: the file is empty; allowed: a file with the secret alone"
            ])
    }

    @Test func takesInlinePassword_onlyFromPrivateFile() throws {
        let text = targetText("username: u", "password: canary")
        #expect(problems(text).isEmpty)
        let found = problems(text, isReadableByOthers: true)
        #expect(found.count == 1)
        #expect(found.first?.contains("f:7:15: targets[0].password: stands in a file that its group") == true)
        #expect(found.first?.contains("canary") == false)
    }

    @Test(arguments: [
        "password: 471100815", "password: [471100815]", "passwordFile: 471100815", "passwordFile: {a: 471100815}",
        "client: {id: a, secretFile: [471100815]}",
    ])
    func neverShowsSecretInMessage(_ line: String) {
        let found = problems(targetText("username: u", line))
        #expect(found.count == 1)
        #expect(found.first?.contains("471100815") == false)
    }

    @Test func refusesPasswordTwice_andWithoutUser() {
        let twice = problems(targetText("username: u", "password: a", "passwordFile: /p"), files: ["/p": "b"])
        #expect(twice.map { $0.contains("targets[0].password: stands beside passwordFile") } == [true])
        let nobody = problems(targetText("password: a"))
        #expect(nobody.map { $0.contains("targets[0].username: is missing") } == [true])
    }

    @Test func pointsAtTheLineOfTheHeadersFile() {
        let found = problems(
            targetText("headersFile: /h"),
            files: ["/h": "X-One: 1\n# fine\nHost: canary\nno colon canary\nX: \u{1b}canary\n"])
        #expect(found.count == 3)
        #expect(
            found.map { $0.hasPrefix("/h:3:1: ") || $0.hasPrefix("/h:4:1: ") || $0.hasPrefix("/h:5:1: ") } == [
                true, true, true,
            ])
        #expect(found.allSatisfy { $0.contains("targets[0].headersFile: ") && !$0.contains("canary") })
    }

    @Test func clientAuthenticationFollowsFromItsSecret() throws {
        let files: FileTable = ["/p": "canary"]
        #expect(try target("client: {id: a}")?.client == TargetSettings.Client(id: "a"))
        #expect(
            try target("client: {id: a, secretFile: /p}", files: files)?.client
                == TargetSettings.Client(id: "a", secret: Secret("canary"), authentication: "client_secret_basic"))
        #expect(problems(targetText("client: {id: a, secretFile: /p, authentication: none}"), files: files).count == 1)
        #expect(problems(targetText("client: {id: a, authentication: client_secret_post}")).count == 1)
    }
}

@Suite struct WarningTests {
    @Test(arguments: [
        ("interval: 29s", "f:6:15: warning: targets[0].interval: asks the server very often"),
        ("sessionInterval: 200ms", "f:6:22: warning: targets[0].sessionInterval: asks the server very often"),
        ("allowedOrigins: [http://x.example]", "f:6:22: warning: targets[0].allowedOrigins[0]: is not encrypted"),
        ("allowNetworks: [0.0.0.0/0]", "f:6:21: warning: targets[0].allowNetworks[0]: allows every address"),
    ])
    func warnsAndGoesOn(_ line: String, _ expected: String) {
        let found = problems(targetText(line))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(expected) == true)
    }

    @Test(arguments: [
        ("http://a.example", 1), ("http://127.0.0.1:8000", 0), ("http://localhost", 0), ("http://[::1]:1", 0),
    ])
    func warnsOfPlainHTTP_beyondThisMachine(_ server: String, _ count: Int) {
        let found = problems(targetText().replacing("https://a.example", with: server))
        #expect(found.count == count)
        #expect(found.allSatisfy { $0.hasPrefix("f:5:13: warning: targets[0].server: is not encrypted") })
    }

    @Test(arguments: ["0.0.0.0:9732", "192.0.2.1:80", "\"[::]:9732\""])
    func warnsOfListenerBeyondLoopback(_ listen: String) {
        let found = problems("listen: \(listen)\n" + targetText())
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("f:1:9: warning: listen: lets other machines read") == true)
    }
}

@Suite struct FileContentsTests {
    @Test(arguments: [
        ("/nowhere/at/all", "No such file or directory"), ("/", "is no regular file"),
        ("/dev/null", "is no regular file"),
    ])
    func saysWhyItCannotBeRead(_ path: String, _ reason: String) {
        #expect(throws: FileFault(isAbsent: path.hasPrefix("/n"), reason: reason)) { try FileContents(path: path) }
    }

    @Test func loadsRealFile_withItsMode() throws {
        let folder = "/tmp/oauthwatch-config-\(getpid())"
        mkdir(folder, 0o700)
        let path = "\(folder)/c.yaml"
        defer {
            unlink(path)
            rmdir(folder)
        }
        let text = targetText("username: u", "password: canary")
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
        chmod(path, 0o600)
        #expect(try ConfigurationFile.load(path).configuration.targets.first?.password == Secret("canary"))
        chmod(path, 0o640)
        #expect(throws: ConfigurationError.self) { try ConfigurationFile.load(path) }
        #expect(throws: ConfigurationError.self) { try ConfigurationFile.load("\(folder)/absent.yaml") }
    }
}
