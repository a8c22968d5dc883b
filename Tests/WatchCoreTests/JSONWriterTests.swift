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

    @Test(arguments: [0, 7, 10, 99, 100, -1, -10, 1_234_567_890, .max, .min])
    func writesNumbers(value: Int) {
        #expect(JSON.integer(value).text() == String(value))
    }

    @Test(arguments: [
        (0.0, "0.0"), (-0.0, "-0.0"), (1.5, "1.5"), (3e-05, "3e-05"), (.nan, "null"), (.infinity, "null"),
    ])
    func writesNumbers(value: Double, text: String) {
        #expect(JSON.number(value).text() == text)
    }

    private static func seconds(_ duration: Duration) -> String {
        var writer = JSONWriter()
        writer.write(seconds: duration)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// As the same number is written that is no duration.
    @Test(arguments: 0..<64)
    func writesSeconds(bits: Int) {
        let power: Int64 = 1 << Int64(min(bits, 62))
        let tens = (0..<19).reduce(into: [Int64(1)]) { tens, _ in tens.append(tens[tens.count - 1] &* 10) }
        let near = [
            power, power - 1, power / 3, tens[bits % 19], tens[bits % 19] - 1, tens[bits % 19] + 1,
            25 * tens[bits % 17],
        ]
        let random = (0..<500).map { _ in Int64.random(in: 0...power) }
        for nanoseconds in near + random + random.map({ $0 / 1_000 * 1_000 }) + [-1, -power, .max, .min, 0] {
            let duration = Duration.nanoseconds(nanoseconds)
            #expect(Self.seconds(duration) == JSON.number(duration.seconds).text(), "\(nanoseconds)")
        }
    }

    @Test func writesMembersOnceMore() {
        var writer = JSONWriter(indent: 2, capacity: 8)
        writer.beginArray()
        var place = 0..<0
        for round in 0..<2 {
            writer.beginObject()
            writer.write(name: "n")
            writer.write(round)
            if round > 0 {
                writer.write(again: place)
            } else {
                writer.write(name: "a")
                let start = writer.elementStart
                writer.write([1, ["b": []]])
                writer.write(name: "c")
                writer.write("text")
                place = start..<writer.end
            }
            writer.endObject()
        }
        writer.endArray()
        let value: JSON = [["n": 0, "a": [1, ["b": []]], "c": "text"], ["n": 1, "a": [1, ["b": []]], "c": "text"]]
        #expect(writer.bytes == value.bytes(indent: 2))
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
