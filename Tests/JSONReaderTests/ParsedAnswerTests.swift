import JSONReader
import Testing
import WatchCore

@Suite struct ParsedAnswerTests {
    @Test func parsesABodyOnceForAllItsCopies() {
        let response = HTTPResponse(status: 200, body: Array("{\"a\":1}".utf8))
        let copy = response
        #expect(response.json == ["a": 1])
        // Whoever asks next gets what the first one parsed.
        #expect(copy.parsed.get { "parsed again" } == ["a": 1])
    }

    @Test func forgetsWhatItParsedWhenTheBodyChanges() throws {
        var response = HTTPResponse(status: 200, body: Array("{}".utf8))
        let before = response
        #expect(response.json == [:])
        response.body = Array("[1".utf8)
        #expect(response.json == nil)
        #expect(throws: JSONError.self) { try response.readJSON() }
        response.body.append(UInt8(ascii: "]"))
        #expect(try response.readJSON() == [1])
        #expect(before.json == [:])
    }
}
