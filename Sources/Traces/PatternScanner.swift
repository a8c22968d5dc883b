import Synchronization

/// Finds any of many patterns in a text. Bytes that an encoding may swap for each other count as the same (`folded`).
///
/// A run's patterns are made for it alone and looked for in some hundred short texts, so they must cost little to set up:
/// their first four bytes stand in a table, and where those are met the rest is compared. Whoever chooses texts and
/// secrets can make that comparing long; when it is, an automaton takes over, whose work grows with the text only.
struct PatternScanner: Sendable {
    /// Folded.
    private let patterns: [[UInt8]]
    private let heads: PatternHeads
    private let automaton: LazyAutomaton

    /// So many bytes may be compared for each byte of a text before the automaton takes over.
    private static let patience = 8

    /// A scanner for `patterns`; of equal ones one is reported.
    init(_ patterns: [[UInt8]]) {
        self.patterns = patterns.map { $0.map(\.folded) }
        heads = PatternHeads(self.patterns)
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
        if patterns.isEmpty { return text.count }
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
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ pattern: [UInt8], _ work: inout Int
    ) -> Int? {
        guard pattern.count <= text.count - start else { return nil }
        var index = 4
        while index < pattern.count, pattern[index] == text[start + index].folded { index += 1 }
        work += index
        return index == pattern.count ? start + index : nil
    }
}

/// Patterns by their first four bytes.
private struct PatternHeads: Sendable {
    /// Some pattern is shorter than four bytes.
    private(set) var isIncomplete = false
    /// One bit for the low bits of each head's hash: most windows of a text are told by it alone.
    private var filter = [UInt64](repeating: 0, count: 64)
    /// Heads in a table that is at most half full; 0: nothing, since no text begins with four such bytes.
    private var slots: [UInt32]
    /// The longest pattern of the head in the same slot.
    private var longest: [Int32]
    /// For each pattern the next shorter one with the same head; -1: none.
    private var shorter: [Int32]

    init(_ patterns: [[UInt8]]) {
        var size = 64
        while size < patterns.count * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        longest = [Int32](repeating: -1, count: size)
        shorter = [Int32](repeating: -1, count: patterns.count)
        // The shortest first: each one is put before those that are there.
        for index in patterns.indices.sorted(by: { patterns[$0].count < patterns[$1].count }) {
            let pattern = patterns[index]
            if pattern.isEmpty { continue }
            let head = pattern.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            guard pattern.count >= 4, head != 0 else {
                isIncomplete = true
                continue
            }
            let hash = Self.hash(head)
            filter[Int(hash >> 6 & 63)] |= 1 << UInt64(hash & 63)
            let slot = slot(of: head)
            slots[slot] = head
            shorter[index] = longest[slot]
            longest[slot] = Int32(index)
        }
    }

    /// Whether patterns may begin so: false is certain.
    func mayHold(_ window: UInt32) -> Bool {
        let hash = Self.hash(window)
        return filter[Int(hash >> 6 & 63)] & 1 << UInt64(hash & 63) != 0
    }

    /// The longest pattern that begins so.
    func first(_ window: UInt32) -> Int? {
        let slot = slot(of: window)
        return slots[slot] == window && window != 0 ? Int(longest[slot]) : nil
    }

    /// The next shorter pattern that begins like this one.
    func next(_ pattern: Int) -> Int? { shorter[pattern] < 0 ? nil : Int(shorter[pattern]) }

    private func slot(of head: UInt32) -> Int {
        var slot = Int(Self.hash(head)) & (slots.count - 1)
        while slots[slot] != 0, slots[slot] != head { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private static func hash(_ head: UInt32) -> UInt32 { (head &* 0x9e37_79b1) >> 12 }
}

/// An automaton that is made when somebody needs it.
private final class LazyAutomaton: Sendable {
    private let patterns: [[UInt8]]
    private let made = Mutex<PatternAutomaton?>(nil)

    init(patterns: [[UInt8]]) { self.patterns = patterns }

    func get() -> PatternAutomaton {
        made.withLock { made in
            let automaton = made ?? PatternAutomaton(patterns)
            made = automaton
            return automaton
        }
    }
}
