import CommandIO
import Glibc
import Testing
import WatchCore

struct PasswordFileTests {
    @Test(arguments: [
        ("s3cret\n", "s3cret"), ("s3cret", "s3cret"), ("two words \n", "two words "), ("a\r\n", "a"),
    ])
    func readsAllButOneLineEnd(content: String, password: String) throws {
        let path = try file(content)
        defer { unlink(path) }
        #expect(try PasswordFile.read(path).reveal() == password)
    }

    @Test(arguments: [
        ("", "is empty"), ("\n", "is empty"), (String(repeating: "x", count: 70_000), "is longer than 65536 bytes"),
        ("a\n\n", "has several lines; it must hold the password alone"),
        ("a\r\nb\r\n", "has several lines; it must hold the password alone"),
    ])
    func refusesWhatIsNoPassword(content: String, reason: String) throws {
        let path = try file(content)
        defer { unlink(path) }
        let failure = try #require(throws: PasswordFile.Failure.self) { try PasswordFile.read(path) }
        #expect(failure.message == "\(path) \(reason)")
    }

    @Test func namesTheFileThatIsMissing() throws {
        let failure = try #require(throws: PasswordFile.Failure.self) { try PasswordFile.read("/nowhere/password") }
        #expect(failure.message == "cannot read /nowhere/password: No such file or directory")
    }

    private func file(_ content: String) throws -> String {
        var template = Array("/tmp/oauthwatch-password-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(write(descriptor, content, content.utf8.count) == content.utf8.count)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
