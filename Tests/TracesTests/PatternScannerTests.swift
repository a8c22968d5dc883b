import Testing

@testable import Traces

@Suite struct PatternScannerTests {
    /// Patterns of every length are met wherever they stand, though not every byte of a text is looked at.
    @Test(arguments: 4...24)
    func meetsAPattern_whereverItStands(length: Int) {
        var random = SeededGenerator(seed: UInt64(length))
        func text(_ count: Int) -> String {
            (0..<count).map { _ in ["a", "b", "+", "_", "\u{0}"].randomElement(using: &random) ?? "" }.joined()
        }
        for _ in 0..<200 {
            let patterns = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                text(Int.random(in: length...length + 9, using: &random))
            }
            let scanner = PatternScanner(PatternList(patterns))
            let pattern = patterns.randomElement(using: &random) ?? ""
            let spelled = pattern.replacing("+", with: "-").replacing("_", with: "/")
            for around in [text(Int.random(in: 0...20, using: &random)), ""] {
                for text in [around + pattern, pattern + around, around + spelled + around] {
                    let bytes = Array(text.utf8)
                    #expect(!bytes.withUnsafeBufferPointer { scanner.findsNothing(in: $0) }, "\(pattern) in \(text)")
                }
            }
        }
    }

    /// What is certain is true.
    @Test(arguments: 0..<200)
    func findsNothing_onlyWhereNothingIs(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func text(_ lengths: ClosedRange<Int>) -> String {
            (0..<Int.random(in: lengths, using: &random)).map { _ in Bool.random(using: &random) ? "a" : "b" }.joined()
        }
        let patterns = (0..<3).map { _ in text(4...12) }
        let scanner = PatternScanner(PatternList(patterns))
        for _ in 0..<20 {
            let bytes = Array(text(0...40).utf8)
            var found = false
            scanner.scan(bytes) { _, _ in
                found = true
                return true
            }
            #expect(bytes.withUnsafeBufferPointer { scanner.findsNothing(in: $0) } != found)
        }
    }

    /// Whoever chooses secrets and texts may choose those that all come to the same places of the table.
    @Test func looksInFewPlaces_howeverThePatternsWereChosen() {
        let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
        let pairs = letters.flatMap { first in letters.map { first + $0 } }
        let heads = pairs.flatMap { first in pairs.map { first + $0 } }
        let crowded = heads.filter { head in
            PatternHeads.hash(head.utf8.reduce(0) { $0 << 8 | UInt32($1) }) & 4_095 < 16
        }.map { $0 + "..." }
        let ordinary = (0..<2_000).map { "\($0 &* 2_654_435_761)..." }
        for (patterns, isCrowded) in [(crowded, true), (ordinary, false)] {
            #expect(PatternHeads(PatternList(patterns)).isIncomplete == isCrowded)
            let last = patterns[patterns.count - 1]
            #expect(places(patterns, in: "a \(last) b") == ["2:\(last)"])
        }
    }

    private func places(_ patterns: [String], in text: String) -> [String] {
        var places: [String] = []
        PatternScanner(PatternList(patterns)).scan(Array(text.utf8)) { range, pattern in
            places.append("\(range.lowerBound):\(patterns[pattern])")
            return false
        }
        return places.sorted()
    }

    @Test(arguments: [
        (["abcd"], "xabcdabcd", ["1:abcd", "5:abcd"]),
        (["abcd", "abcdef"], "abcdefabcde", ["0:abcd", "0:abcdef", "6:abcd"]),
        (["bcde", "abcdef"], "abcdef", ["0:abcdef", "1:bcde"]),
        (["a-b_c"], "a+b/c a b_c", ["0:a-b_c", "6:a-b_c"]),
        (["abcd"], "abc", []), (["abcd"], "", []), ([], "abcd", []), ([""], "abcd", []),
        (["ab", "abcd"], "abcd", ["0:ab", "0:abcd"]),
    ])
    func findsEveryPlace(patterns: [String], text: String, expected: [String]) {
        #expect(places(patterns, in: text) == expected)
    }

    @Test func reportsTheLongest_andNoOtherOnceItIsTaken() {
        var taken: [Int] = []
        PatternScanner(PatternList(["abcd", "abcdefgh"])).scan(Array("abcdefgh".utf8)) { _, pattern in
            taken.append(pattern)
            return true
        }
        #expect(taken == [1])
    }

    /// Patterns and a text that are alike almost to their ends: the automaton takes over somewhere in the middle.
    @Test func findsEveryPlace_whereComparingWouldTakeTooLong() {
        let run = String(repeating: "a", count: 200)
        let patterns = (0..<40).map { run + String(repeating: "b", count: $0 + 1) }
        let text = String(repeating: "a", count: 3_000) + "bb" + run + "bbb"
        let expected = ["2800:\(patterns[0])", "2800:\(patterns[1])"] + (0..<3).map { "3002:\(patterns[$0])" }
        #expect(places(patterns, in: text) == expected.sorted())
    }

    @Test func tellsWhetherAnythingIsThere() {
        let scanner = PatternScanner(PatternList(["secret"]))
        for (text, isThere) in [("a secret", true), ("a secre", false), ("", false), ("secret", true)] {
            let isFree = Array(text.utf8).withUnsafeBufferPointer { scanner.findsNothing(in: $0) }
            #expect(isFree != isThere, "\(text)")
        }
    }
}
