import Testing
import WatchCore

@testable import JSONReader

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

    /// A tree takes many times the memory of its text, and a server may send a mebibyte with each answer of a run.
    @Test func keepsNothingOfALargeBody() {
        for (count, isKept) in [(HTTPResponse.longestKept, true), (HTTPResponse.longestKept + 1, false)] {
            let text = "[" + String(repeating: " ", count: count - 2) + "]"
            let response = HTTPResponse(status: 200, body: Array(text.utf8))
            #expect(response.json == [])
            #expect((response.parsed.get { "parsed again" } == []) == isKept)
            #expect(response.json != nil)
        }
    }
}
