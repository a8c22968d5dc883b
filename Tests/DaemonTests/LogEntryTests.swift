import Glibc
import Logging
import Systemd
import Testing
import WatchCore

@testable import Daemon

@Suite struct LogEntryTests {
    private let entry = LogEntry(
        at: WallTime(seconds: 1_800_000_000), level: .warning, message: "a: login failed\nREADY=1",
        fields: [
            "event": "run-failed", "target": "a", "check": "token.status", "trace": "/t/a b.json", "odd-key": "\"x",
        ])

    @Test func isALineOfText_withTimeAndPairs() {
        #expect(
            entry.text == "2027-01-15T08:00:00Z warning a: login failed READY=1 check=token.status "
                + #"odd-key="\"x" target=a trace="/t/a b.json""#)
    }

    @Test func isAnObjectOfJSON() {
        #expect(
            entry.json == #"{"time":"2027-01-15T08:00:00Z","level":"warning","message":"a: login failed READY=1","#
                + #""event":"run-failed","check":"token.status","odd-key":"\"x","target":"a","trace":"/t/a b.json"}"#)
    }

    @Test func isAnEntryOfTheJournal_withFields() {
        let fields = entry.journalFields
        #expect(
            fields.map(\.name) == [
                "MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "MESSAGE_ID", "OAUTHWATCH_CHECK", "OAUTHWATCH_ODD_KEY",
                "OAUTHWATCH_TARGET", "OAUTHWATCH_TRACE",
            ])
        #expect(
            fields.map(\.value) == [
                "a: login failed READY=1", "4", "oauthwatch", EventKind.runFailed.messageID, "token.status", "\"x", "a",
                "/t/a b.json",
            ])
    }

    @Test(arguments: [
        (Logger.Level.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
    func hasThePriorityOfSyslog(level: Logger.Level, priority: Int) {
        #expect(LogEntry(at: WallTime(seconds: 0), level: level, message: "m", fields: [:]).priority == priority)
    }

    @Test(arguments: [(nil, LogForm.text), ("text", .text), ("json", .json), ("xml", nil)] as [(String?, LogForm?)])
    func takesTheFormThatIsWanted(name: String?, form: LogForm?) {
        #expect(LogForm(named: name) == form)
    }
}

@Suite struct EventKindTests {
    @Test func hasAnIdOfItsOwn_forEachKind() {
        let ids = EventKind.allCases.map(\.messageID)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
    }

    /// With `OAUTHWATCH_UPDATE` in the environment the file is written anew instead.
    @Test func isExplainedInTheCatalogThatIsInstalled() throws {
        let path = repositoryPath("deploy/systemd/oauthwatch.catalog")
        if getenv("OAUTHWATCH_UPDATE") != nil {
            let file = try #require(fopen(path, "w"))
            fputs(EventKind.catalog, file)
            fclose(file)
        }
        let stream = try #require(fopen(path, "r"))
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, stream)
        #expect(String(decoding: bytes.prefix(count), as: UTF8.self) == EventKind.catalog)
    }
}

/// A file of this repository.
func repositoryPath(_ path: String) -> String {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return (here + [Substring(path)]).joined(separator: "/")
}
