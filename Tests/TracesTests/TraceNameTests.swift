import Testing
import WatchCore

@testable import Traces

struct TraceNameTests {
    @Test(arguments: [
        "oauth_trace_20261123_065501.json", "oauth_trace_20261123_065501_2.json",
        "oauth_trace_20261123_065501_17.json.gz",
        "oauth_trace_19991231_235959.json",
    ])
    func readsWhatItWrites(file: String) throws {
        #expect(try #require(TraceName(file)).text == file)
    }

    @Test(arguments: [
        "", "oauth_trace_.json", "oauth_trace_20261123_065501", "oauth_trace_20261123_065501.json.tmp",
        "oauth_trace_20261323_065501.json", "oauth_trace_20261131_065501.json", "oauth_trace_20261123_065501_1.json",
        "oauth_trace_20261123_065501_02.json", "oauth_trace_20261123_065501_2_3.json", "trace_20261123_065501.json",
        "oauth_trace_2026112\u{e9}_065501.json", "oauth_trace_20261123_065501.json.gz.gz",
        "oauth_trace_+2026112_065501.json",
    ])
    func readsNothingElse(file: String) {
        #expect(TraceName(file) == nil)
    }

    @Test func sortsByTime() {
        let names = [
            "20261123_065501.json", "20261123_065501_2.json", "20261123_065501_10.json.gz", "20261123_065502.json",
        ]
        .compactMap { TraceName("oauth_trace_\($0)") }
        #expect(names.count == 4)
        #expect(names.shuffled().sorted() == names)
    }

    @Test(arguments: [
        ("mcp.bobjansen.net", "mcp.bobjansen.net"), ("..", "%2E."), (".hidden", "%2Ehidden"), ("a/b", "a%2Fb"),
        ("", "%"), ("a b", "a%20b"), ("\u{fc}", "%C3%BC"), ("%2F", "%252F"),
    ])
    func aTargetHasADirectoryOfItsOwn(target: String, directory: String) {
        #expect(TraceShelf.directoryName(target) == directory)
    }
}
