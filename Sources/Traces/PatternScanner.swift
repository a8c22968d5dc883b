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
        var isFound = false
        var work = 0
        forEachHead(in: text) { start, pattern in
            isFound = stands(pattern, in: text, at: start, &work) { _, _ in true } || work > Self.limit(text.count)
            return !isFound
        }
        return !isFound
    }

    /// Looks for patterns by their first bytes.
    ///
    /// - Returns: from where on somebody else must look, for this took too long; the text's length when it is done.
    private func scanHeads(
        _ text: UnsafeBufferPointer<UInt8>, _ accept: (_ range: Range<Int>, _ pattern: Int) -> Bool
    ) -> Int {
        if patterns.count == 0 { return text.count }
        if heads.isIncomplete { return 0 }
        var done = text.count
        var work = 0
        forEachHead(in: text) { start, pattern in
            _ = stands(pattern, in: text, at: start, &work, accept)
            if work > Self.limit(text.count) { done = start + 1 }
            return done == text.count
        }
        return done
    }

    private static func limit(_ length: Int) -> Int { patience * (length + 64) }

    /// Calls `look` with each place where a pattern may stand, and the longest one that may, while it says true.
    @inline(__always)
    private func forEachHead(in text: UnsafeBufferPointer<UInt8>, _ look: (_ start: Int, _ pattern: Int) -> Bool) {
        folds.withUnsafeBufferPointer { folds in
            func window(_ index: Int) -> UInt32 {
                func fold(_ place: Int) -> UInt32 { UInt32(folds[Int(text[index &+ place])]) }
                return fold(0) << 24 | fold(1) << 16 | fold(2) << 8 | fold(3)
            }
            var index = 0
            while index <= text.count - 4 {
                if heads.mayMeet(window(index)) {
                    // It begins here, or at one of the places that were passed over.
                    for start in max(0, index - heads.stride + 1)...index {
                        if let pattern = heads.first(window(start)), !look(start, pattern) { return }
                    }
                }
                index &+= heads.stride
            }
        }
    }

    /// Whether a pattern, or a shorter one that begins alike, stands at `start` and is accepted.
    private func stands(
        _ pattern: Int, in text: UnsafeBufferPointer<UInt8>, at start: Int, _ work: inout Int,
        _ accept: (_ range: Range<Int>, _ pattern: Int) -> Bool
    ) -> Bool {
        var next = Optional(pattern)
        while let pattern = next {
            if let end = commonEnd(text, start, patterns[pattern], &work), accept(start..<end, pattern) { return true }
            next = heads.next(pattern)
        }
        return false
    }

    /// Where a pattern ends that stands at `start`; nil when it does not stand there.
    private func commonEnd(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ pattern: Range<Int>, _ work: inout Int
    ) -> Int? {
        // One that is too long is work, too: there may be thousands.
        work += 1
        guard pattern.count <= text.count - start else { return nil }
        let end = start + pattern.count
        let offset = pattern.lowerBound - start
        var index = start + 4
        while index < end, patterns.bytes[index + offset] == text[index].folded { index += 1 }
        work += index - start - 1
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
