/// Patterns by their first four bytes.
struct PatternHeads: Sendable {
    /// Some pattern is shorter than four bytes, or stands too far from its place in the table: not all are here.
    private(set) var isIncomplete = false
    /// How far apart windows of four bytes may begin so that one of them lies in each place where a pattern stands, and
    /// begins within the pattern's first bytes, as many as this.
    private(set) var stride = 1
    /// One bit for the hash of each window with which a pattern can be met at that stride: most windows of a text are
    /// told by it alone.
    private var filter = [UInt64](repeating: 0, count: 256)
    /// Heads in a table that is at most half full; 0: nothing, since no text begins with four such bytes.
    private var slots: [UInt32]
    /// How far from its place a head stands at most.
    private var farthest = 0
    /// Ordinary heads stand nearer. Others were chosen so, and to look for them would take long.
    private static let tooFar = 128
    /// The longest pattern of the head in the same slot.
    private var longest: [Int32]
    /// For each pattern the next shorter one with the same head; -1: none.
    private var shorter: [Int32]

    init(_ patterns: PatternList) {
        var size = 64
        while size < patterns.count * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        longest = [Int32](repeating: -1, count: size)
        shorter = [Int32](repeating: -1, count: patterns.count)
        // The shortest first: each one is put before those that are there.
        for index in Self.byLength(patterns) where !patterns[index].isEmpty {
            let head = patterns.bytes[patterns[index]].prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            guard patterns[index].count >= 4, head != 0, let slot = makeSlot(for: head) else {
                isIncomplete = true
                break
            }
            shorter[index] = longest[slot]
            longest[slot] = Int32(index)
        }
        if !isIncomplete { fillFilter(patterns) }
    }

    private mutating func fillFilter(_ patterns: PatternList) {
        let whole = (0..<patterns.count).lazy.filter { !patterns[$0].isEmpty }
        let shortest = whole.reduce(Self.longestStride + 3) { min($0, patterns[$1].count) }
        stride = shortest - 3
        for index in whole {
            let start = patterns[index].lowerBound
            var window: UInt32 = 0
            for place in start..<start + shortest {
                window = window << 8 | UInt32(patterns.bytes[place])
                if place < start + 3 { continue }
                let hash = Self.hash(window)
                filter[Int(hash >> 6 & 255)] |= 1 << UInt64(hash & 63)
            }
        }
    }

    private static let longestStride = 8

    /// The patterns by their length; of equal length, in their order. They are counted, not compared: lengths are small.
    private static func byLength(_ patterns: PatternList) -> [Int] {
        let longest = (0..<patterns.count).reduce(0) { max($0, patterns[$1].count) }
        var places = [Int](repeating: 0, count: longest + 2)
        for index in 0..<patterns.count { places[patterns[index].count + 1] += 1 }
        for length in 1..<places.count { places[length] += places[length - 1] }
        var order = [Int](repeating: 0, count: patterns.count)
        for index in 0..<patterns.count {
            order[places[patterns[index].count]] = index
            places[patterns[index].count] += 1
        }
        return order
    }

    /// Whether a pattern may begin so, or go on so within the stride from its beginning: false is certain.
    func mayMeet(_ window: UInt32) -> Bool {
        let hash = Self.hash(window)
        return filter[Int(hash >> 6 & 255)] & 1 << UInt64(hash & 63) != 0
    }

    /// The longest pattern that begins so.
    func first(_ window: UInt32) -> Int? {
        let place = place(of: window)
        for distance in 0...farthest {
            let slot = (place + distance) & (slots.count - 1)
            if slots[slot] == 0 { return nil }
            if slots[slot] == window { return Int(longest[slot]) }
        }
        return nil
    }

    /// The next shorter pattern that begins like this one.
    func next(_ pattern: Int) -> Int? { shorter[pattern] < 0 ? nil : Int(shorter[pattern]) }

    /// The slot of a head, which is put there when it is new; nil when there is none near its place.
    private mutating func makeSlot(for head: UInt32) -> Int? {
        let place = place(of: head)
        for distance in 0...Self.tooFar {
            let slot = (place + distance) & (slots.count - 1)
            guard slots[slot] == 0 || slots[slot] == head else { continue }
            slots[slot] = head
            farthest = max(farthest, distance)
            return slot
        }
        return nil
    }

    /// The slot where a head is looked for first.
    private func place(of head: UInt32) -> Int { Int(Self.hash(head)) & (slots.count - 1) }

    /// Twenty bits of which the low ones tell the place.
    static func hash(_ head: UInt32) -> UInt32 { (head &* 0x9e37_79b1) >> 12 }
}
