import Testing
import WatchCore

@testable import Traces

struct TraceReaderTests {
    @Test func expandsWhatItCompressed() throws {
        let bytes = Array(String(repeating: "a trace repeats itself ", count: 5_000).utf8)
        let packed = try #require(Gzip.compressed(bytes))
        #expect(packed.count < bytes.count / 50)
        #expect(Gzip.isCompressed(packed))
        let (whole, isWhole) = try #require(Gzip.expanded(packed, limit: bytes.count))
        #expect(whole == bytes)
        #expect(isWhole)
    }

    @Test func expandsABeginning() throws {
        let bytes = SampleRun.empty(.failed).bytes
        let packed = try #require(Gzip.compressed(bytes))
        let head = try #require(Gzip.expanded(Array(packed.prefix(200)), limit: 64))
        #expect(head.bytes == Array(bytes.prefix(64)))
        #expect(!head.isWhole)
    }

    @Test(
        arguments: [[], [0x1f, 0x8b], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255], Array("{}".utf8)] as [[UInt8]])
    func refusesWhatIsNoGzip(bytes: [UInt8]) {
        #expect(Gzip.expanded(bytes, limit: 100) == nil)
    }

    @Test func namesTheFileThatItCannotRead() throws {
        let directory = try TestDirectory()
        try directory.write(Array("{\"a\":\n".utf8), to: "torn.json")
        let torn = #expect(throws: TraceFailure.self) { try TraceReader.read("\(directory.path)/torn.json") }
        #expect(torn?.operation == "parse")
        #expect(torn?.description.contains("torn.json") == true)
        let missing = #expect(throws: TraceFailure.self) { try TraceReader.read("\(directory.path)/missing.json") }
        #expect(missing?.description.hasSuffix("No such file or directory") == true)
        let packed = try #require(Gzip.compressed(SampleRun.empty().bytes))
        try directory.write(Array(packed.dropLast(9)), to: "cut.json.gz")
        let cut = #expect(throws: TraceFailure.self) { try TraceReader.read("\(directory.path)/cut.json.gz") }
        #expect(cut?.operation == "expand")
    }

    @Test(arguments: Verdict.allCases)
    func tellsTheVerdict_fromTheFirstBytes(verdict: Verdict) throws {
        let directory = try TestDirectory()
        let bytes = SampleRun.empty(verdict).bytes
        try directory.write(bytes, to: "plain.json")
        try directory.write(try #require(Gzip.compressed(bytes)), to: "packed.json.gz")
        #expect(TraceReader.head("\(directory.path)/plain.json")?.verdict == verdict)
        #expect(TraceReader.head("\(directory.path)/plain.json")?.kind == .login)
        #expect(TraceReader.head("\(directory.path)/packed.json.gz")?.verdict == verdict)
    }

    @Test(arguments: [
        "", "{}", "[\"metadata\"]", "{\"metadata\":{\"username\":\"healthy\"}}",
        "{\"metadata\":{\"verdict\":\"fine\"}}",
    ])
    func aFileThatTellsNoVerdict_hasNone(text: String) throws {
        let directory = try TestDirectory()
        try directory.write(Array(text.utf8), to: "x.json")
        #expect(TraceReader.head("\(directory.path)/x.json") == nil)
    }
}
