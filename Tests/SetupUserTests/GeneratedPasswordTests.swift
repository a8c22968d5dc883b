import CommandIO
import Glibc
import Testing
import WatchCore

@testable import SetupUser

struct GeneratedPasswordTests {
    @Test func isStrong_andNeverTheSame() {
        let passwords = (0..<50).map { _ in GeneratedPassword.generate().reveal() }
        #expect(Set(passwords).count == 50)
        for password in passwords {
            #expect(password.count == 32)
            #expect(password.contains(where: \.isUppercase) && password.contains(where: \.isLowercase))
            #expect(password.contains(where: \.isNumber) && password.contains { "-_.".contains($0) })
        }
    }

    @Test func standsInANewFile_forItsOwnerOnly_untilItIsRemoved() throws {
        let path = "/tmp/oauthwatch-generated-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let generated = try GeneratedPassword(writtenTo: path)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(try PasswordFile.read(path) == generated.password)
        let failure = try #require(throws: GeneratedPassword.Failure.self) { try GeneratedPassword(writtenTo: path) }
        #expect(failure.message == "\(path) exists; name a new file, or use it with --password-file")
        #expect(try PasswordFile.read(path) == generated.password)
        generated.remove()
        #expect(access(path, F_OK) == -1)
    }

    @Test func namesTheFileThatCannotBeWritten() throws {
        let failure = try #require(throws: GeneratedPassword.Failure.self) {
            try GeneratedPassword(writtenTo: "/nowhere/password")
        }
        #expect(failure.message == "cannot write /nowhere/password: No such file or directory")
    }
}
