import Testing
import WatchCore

@testable import SetupUser

struct WerkzeugHashTests {
    /// Computed with Python's hashlib.scrypt, as werkzeug does.
    static let known =
        "scrypt:32768:8:1$0123456789abcdef$b7a73025740be585ae75bdfd8a2bea52f81e2bb43b0bf4129984e88f09c5ad7e"
        + "eecf4bd4a950eb817e37b81bd2d0d66c1d9cf552289c455dc4c14558b965e888"

    @Test func hashesAsWerkzeug() {
        #expect(WerkzeugHash(of: Secret("s3crét"), salt: "0123456789abcdef")?.text == Self.known)
    }

    @Test func saltsEachTimeAnew() throws {
        let hashes = (0..<3).compactMap { _ in WerkzeugHash(of: Secret("s3crét"))?.text }
        #expect(Set(hashes).count == 3)
        for hash in hashes {
            let parts = hash.split(separator: "$")
            #expect(parts.map(\.count) == ["scrypt:32768:8:1".count, 16, 128])
            #expect(parts[1].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        }
    }

    @Test func knowsItsPasswordAndNoOther() {
        #expect(WerkzeugHash(text: Self.known).matches(Secret("s3crét")) == true)
        #expect(WerkzeugHash(text: Self.known).matches(Secret("s3cret")) == false)
    }

    @Test(arguments: [
        "", "plain", "pbkdf2:sha256:600000$salt$00", "scrypt:32768:8$salt$00", "scrypt:x:8:1$salt$00",
        "scrypt:1073741824:8:1$salt$00", "scrypt:32768:8:1$salt", "scrypt:32768:8:1$salt$",
    ])
    func tellsNothing_whenTheHashIsOfAnotherKind(text: String) {
        #expect(WerkzeugHash(text: text).matches(Secret("s3cret")) == nil)
    }
}
