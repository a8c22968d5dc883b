import Glibc
import Testing
import WatchCore

@testable import Report

@Suite struct CheckReferenceTests {
    /// With `OAUTHWATCH_UPDATE` in the environment the file is written anew instead.
    @Test func isWhatTheDocumentationSays() throws {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(folder)/docs/checks.md"
        if getenv("OAUTHWATCH_UPDATE") != nil {
            let file = try #require(fopen(path, "w"))
            fputs(CheckReference.markdown, file)
            fclose(file)
        }
        #expect(try contents(of: path) == CheckReference.markdown)
    }

    @Test(arguments: CheckID.allCases)
    func explainsEveryCheck(check: CheckID) {
        #expect(!check.asserts.isEmpty && !check.remedy.isEmpty && !check.causes.isEmpty)
        #expect((check.causes + check.seenIn).allSatisfy { !$0.isEmpty })
        // What rests on no standard is about the monitor itself.
        #expect(check.source.isEmpty == (check.layer == .monitor))
        for text in [CheckReference.text, CheckReference.markdown] {
            #expect(text.contains(check.rawValue) && text.contains(check.asserts) && text.contains(check.remedy))
        }
    }

    @Test func saysItAll_onLinesOfTheirOwn() {
        #expect(
            CheckExplanation(.tokenErrorIn200).text == """
                token.error-in-200
                  step      token; failure, blamed on: authorization-server
                  asserts   a 200 holds no OAuth error
                  source    RFC 6749 §5.2
                  causes    the provider, or a proxy before it, sends every answer with 200
                  remedy    Send token errors with status 400 (401 for invalid_client).
                  seen in   typescript-sdk#1342

                """)
    }

    @Test func givesFindingsTheSameRemedy() {
        for check in CheckID.allCases { #expect(Finding(check, "x").remedy == check.remedy) }
    }

    private func contents(of path: String) throws -> String {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
