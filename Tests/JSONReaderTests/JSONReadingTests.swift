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

    @Test(arguments: ["", "{", "<html>", "{'a':1}", "[1,]", "{} x", "nul"])
    func refusesWhatIsNoJSON(text: String) {
        #expect { try JSON(parsing: Array(text.utf8)) } throws: { ($0 as? JSONError)?.kind == .syntax }
    }

    @Test func refusesBrokenUTF8() {
        #expect { try JSON(parsing: [0x22, 0xff, 0x22]) } throws: { ($0 as? JSONError)?.kind == .encoding }
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
