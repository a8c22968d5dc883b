import JSONReader
import Testing
import WatchCore

struct JSONReadingTests {
    @Test(arguments: [
        (#"{"b":1,"a":[true,null,"x\u00e9\/"]}"#, #"{"b":1,"a":[true,null,"xé/"]}"#),
        ("\u{feff}[1.5, -2]", "[1.5,-2]"),
        ("123456789012345678901234567890", "1.2345678901234568e+29"),
        (#""a\u0000b""#, #""a\u0000b""#),
    ])
    func readsAndWritesInOrder(text: String, written: String) throws {
        #expect(try JSON(parsing: Array(text.utf8)).text() == written)
    }

    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-1", "-1"), ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9.223372036854776e+18"), ("1E+2", "100.0"), ("0.5e-1", "0.05"), ("1e-999", "0.0"),
        (" [ ] ", "[]"), ("\t{\r\n}", "{}"), (#"{"":{"a":[]}}"#, #"{"":{"a":[]}}"#), ("\"\u{7f}\"", #""\u007f""#),
        (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\u0008\u000c\n\r\t""#), (#""\uD834\uDD1E""#, "\"\u{1D11E}\""),
        ("\"\u{1D11E}\"", "\"\u{1D11E}\""), (#"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#), ("[[1],2,\"\"]", "[[1],2,\"\"]"),
    ])
    func takesEveryForm_thatTheGrammarAllows(text: String, written: String) throws {
        #expect(try JSON(parsing: Array(text.utf8)).text() == written)
    }

    @Test(arguments: [
        "01", "-", "+1", "1.", ".5", "1e", "1e+", "1e999", "0x1", "NaN", "Infinity", "[1 2]", "[,1]", "[1", "]", "}",
        #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{1:2}"#, #"{"a":1 "b":2}"#, #"{"a":1]"#, "\"", "\"a\nb\"", "\"\\",
        #""\x""#,
        #""\u12""#, #""\uD834""#, #""\uDD1E""#, #""\uD834\u0041""#, "True", "nulll", "\u{a0}1", "1 1", "// 1", "\0",
        "[\0]",
    ])
    func refusesEveryForm_thatTheGrammarDoesNot(text: String) {
        #expect { try JSON(parsing: Array(text.utf8)) } throws: { ($0 as? JSONError)?.kind == .syntax }
    }

    @Test func readsOrRefuses_whateverIsCutOffOrSpoilt() throws {
        let whole = Array(#"{"a": [1, -2.5e3, "x\u00e9\ud834\udd1e", true, null], "b": {"c": "é"}}"#.utf8)
        _ = try JSON(parsing: whole)
        for index in whole.indices {
            #expect(throws: JSONError.self) { try JSON(parsing: Array(whole[..<index])) }
            for byte in UInt8.min...UInt8.max {
                var spoilt = whole
                spoilt[index] = byte
                guard let json = try? JSON(parsing: spoilt) else { continue }
                #expect(try JSON(parsing: json.bytes()) == json)
            }
        }
    }

    @Test(arguments: [64, 65]) func countsTheLevels(depth: Int) {
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect((try? JSON(parsing: Array(text.utf8))) == nil ? depth > JSON.maximumDepth : depth <= JSON.maximumDepth)
    }

    @Test(arguments: ["", "{", "<html>", "{'a':1}", "[1,]", "{} x", "nul"])
    func refusesWhatIsNoJSON(text: String) {
        #expect { try JSON(parsing: Array(text.utf8)) } throws: { ($0 as? JSONError)?.kind == .syntax }
    }

    @Test func refusesBrokenUTF8() {
        for bytes: [UInt8] in [[0x22, 0xff, 0x22], [0x22, 0x5c, 0x6e, 0xc3, 0x22], [0xff, 0xfe, 0x7b, 0]] {
            #expect { try JSON(parsing: bytes) } throws: { ($0 as? JSONError)?.kind == .encoding }
        }
    }

    @Test func refusesDepthBombs_butNotBracketsInStrings() throws {
        let bomb = Array(String(repeating: "[", count: 100_000).utf8)
        #expect { try JSON(parsing: bomb) } throws: { ($0 as? JSONError)?.kind == .depth }
        let text = "\"" + String(repeating: "[", count: 1000) + "\\\"\""
        #expect(try JSON(parsing: Array(text.utf8)).string?.count == 1001)
    }

    @Test func namesTheLine() {
        #expect { try JSON(parsing: Array("{\n\"a\": tru\n}".utf8)) } throws: { ($0 as? JSONError)?.line == 2 }
    }
}
