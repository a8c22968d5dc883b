import Testing

@testable import WatchCore

struct JSONWriterTests {
    private static let escapes: [(String, String)] = [
        ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\u{0}", "\\u0000"),
        ("\u{1f}", "\\u001f"), ("\u{7f}", "\\u007f"), ("\u{9b}", "\\u009b"), ("\u{202e}", "\\u202e"),
        ("\u{fc}", "\u{fc}"),
        (" ", " "), ("!", "!"), ("#", "#"), ("[", "["), ("]", "]"), ("~", "~"), ("\u{1f600}", "\u{1f600}"),
    ]

    /// Wherever it stands in a text that is looked at eight bytes at a time, and beside itself.
    @Test(arguments: escapes)
    func escapesWhatShowsNothing(text: String, written: String) {
        for before in 0..<20 {
            for after in 0..<12 {
                let (head, tail) = (String(repeating: "a", count: before), String(repeating: "z", count: after))
                #expect(JSON.string(head + text + tail).text() == "\"\(head)\(written)\(tail)\"")
                #expect(JSON.string(head + text + text + tail).text() == "\"\(head)\(written)\(written)\(tail)\"")
            }
        }
    }

    private static let value: JSON = [
        "a": [1, -2.5, true, nil, [], [:], "x, y: {z} [\"\\\"]"], "b": ["c": ["d": "\u{fc} \\"]], "e:\"": false,
        "eight by": "sixteen bytes are",
    ]

    @Test(arguments: [nil, 0, 1, 2, 7, 8, 9] as [Int?])
    func givesCompactTextTheLinesOfItsOwn(indent: Int?) {
        var writer = JSONWriter(indent: indent)
        writer.write(compact: Self.value.bytes())
        #expect(writer.bytes == Self.value.bytes(indent: indent))
    }

    @Test func indents() {
        let value: JSON = ["a": [1, ["b": [:]]], "c": []]
        let lines = """
            {
              "a": [
                1,
                {
                  "b": {}
                }
              ],
              "c": []
            }
            """
        #expect(value.text(indent: 2) == lines)
    }
}
