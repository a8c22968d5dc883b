import Synchronization

/// Finds any of many patterns in a text. Bytes that an encoding may swap for each other count as the same (`folded`).
///
/// A run's patterns are made for it alone and looked for in some hundred short texts, so they must cost little to set up:
/// their first four bytes stand in a table, and where those are met the rest is compared. Whoever chooses texts and
/// secrets can make that comparing long; when it is, an automaton takes over, whose work grows with the text only.
struct PatternScanner: Sendable {
    private let patterns: PatternList
    private let heads: PatternHeads
    private let folds = ByteTraits.folds
    private let automaton: LazyAutomaton

    /// So many bytes may be compared for each byte of a text before the automaton takes over.
    private static let patience = 8

    /// A scanner for `patterns`; of equal ones one is reported.
    init(_ patterns: PatternList) {
        self.patterns = patterns
        heads = PatternHeads(patterns)
        automaton = LazyAutomaton(patterns: patterns)
    }

    /// Calls `accept` with each place where a pattern stands, longest pattern first for one start, or for one end, until it
    /// says true for that.
    func scan(_ text: [UInt8], accept: (_ range: Range<Int>, _ pattern: Int) -> Bool) {
        text.withUnsafeBufferPointer { text in
            let done = scanHeads(text, accept)
            guard done < text.count else { return }
            automaton.get().scan(UnsafeBufferPointer(rebasing: text[done...])) { range, pattern in
                accept(range.lowerBound + done..<range.upperBound + done, pattern)
            }
        }
    }

    /// Whether it is certain that no pattern stands in a text, as in most: where this would take long to tell, it is not.
    func findsNothing(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if heads.isIncomplete { return false }
        return folds.withUnsafeBufferPointer { folds in
            var work = 0
            var index = 0
            while index + 4 <= text.count {
                if heads.mayMeet(Self.window(text, index, folds)) {
                    let starts = max(0, index - heads.stride + 1)...index
                    for start in starts where finds(Self.window(text, start, folds), in: text, at: start, &work) {
                        return false
                    }
                    if work > Self.limit(text.count) { return false }
                }
                index += heads.stride
            }
            return true
        }
    }

    /// Four bytes of a text, folded.
    @inline(__always)
    private static func window(
        _ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ folds: UnsafeBufferPointer<UInt8>
    ) -> UInt32 {
        func fold(_ place: Int) -> UInt32 { UInt32(folds[Int(text[index &+ place])]) }
        return fold(0) << 24 | fold(1) << 16 | fold(2) << 8 | fold(3)
    }

    /// Whether one of the patterns that begin with `window` stands at `start`.
    private func finds(_ window: UInt32, in text: UnsafeBufferPointer<UInt8>, at start: Int, _ work: inout Int) -> Bool
    {
        var pattern = heads.first(window)
        while let candidate = pattern {
            if commonEnd(text, start, patterns[candidate], &work) != nil { return true }
            pattern = heads.next(candidate)
        }
        return false
    }

    private static func limit(_ length: Int) -> Int { patience * (length + 64) }

    /// Looks for patterns by their first bytes.
    ///
    /// - Returns: from where on somebody else must look, for this took too long; the text's length when it is done.
    private func scanHeads(
        _ text: UnsafeBufferPointer<UInt8>, _ accept: (_ range: Range<Int>, _ pattern: Int) -> Bool
    ) -> Int {
        if patterns.count == 0 { return text.count }
        if heads.isIncomplete { return 0 }
        var window: UInt32 = 0
        var work = 0
        let limit = Self.limit(text.count)
        for index in text.indices {
            window = window << 8 | UInt32(text[index].folded)
            guard index >= 3, heads.mayMeet(window), var pattern = heads.first(window) else { continue }
            let start = index - 3
            while true {
                let end = commonEnd(text, start, patterns[pattern], &work)
                if let end, accept(start..<end, pattern) { break }
                guard let next = heads.next(pattern) else { break }
                pattern = next
            }
            if work > limit { return start + 1 }
        }
        return text.count
    }

    /// Where a pattern ends that stands at `start`; nil when it does not stand there.
    private func commonEnd(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ pattern: Range<Int>, _ work: inout Int
    ) -> Int? {
        guard pattern.count <= text.count - start else { return nil }
        let end = start + pattern.count
        let offset = pattern.lowerBound - start
        var index = start + 4
        while index < end, patterns.bytes[index + offset] == text[index].folded { index += 1 }
        work += index - start
        return index == end ? end : nil
    }
}

/// An automaton that is made when somebody needs it.
private final class LazyAutomaton: Sendable {
    private let patterns: PatternList
    private let made = Mutex<PatternAutomaton?>(nil)

    init(patterns: PatternList) { self.patterns = patterns }

    func get() -> PatternAutomaton {
        made.withLock { made in
            let automaton = made ?? PatternAutomaton(patterns)
            made = automaton
            return automaton
        }
    }
}
