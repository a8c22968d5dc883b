import Synchronization

/// Finds any of many patterns in a text. Bytes that an encoding may swap for each other count as the same (`folded`).
///
/// A run's patterns are made for it alone and looked for in some hundred short texts, so they must cost little to set up:
/// their first four bytes stand in a table, and where those are met the rest is compared. Whoever chooses texts and
/// secrets can make that comparing long; when it is, an automaton takes over, whose work grows with the text only.
struct PatternScanner: Sendable {
    private let patterns: PatternList
    private let heads: PatternHeads
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

    /// Whether any pattern stands in `text`.
    func finds(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        var isFound = false
        let done = scanHeads(text) { _, _ in
            isFound = true
            return true
        }
        guard !isFound, done < text.count else { return isFound }
        automaton.get().scan(UnsafeBufferPointer(rebasing: text[done...])) { _, _ in
            isFound = true
            return true
        }
        return isFound
    }

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
        let limit = Self.patience * (text.count + 64)
        for index in text.indices {
            window = window << 8 | UInt32(text[index].folded)
            guard index >= 3, heads.mayHold(window), var pattern = heads.first(window) else { continue }
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
