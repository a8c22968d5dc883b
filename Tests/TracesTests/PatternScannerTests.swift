import Testing

@testable import Traces

@Suite struct PatternScannerTests {
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
            let found = Array(text.utf8).withUnsafeBufferPointer { scanner.finds(in: $0) }
            #expect(found == isThere, "\(text)")
        }
    }
}
