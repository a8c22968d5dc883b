/// Counts that only grow, one for each key; every key that is known from the start is shown from the start.
package struct Counter<Key: Hashable & Sendable>: Sendable, Hashable {
    /// Keys in the order of their series, with their counts.
    package private(set) var keys: [Key]
    private var counts: [Key: Double]

    /// All zero.
    ///
    /// - Parameter keys: those shown from the start, in this order.
    package init(_ keys: [Key]) {
        self.keys = keys
        counts = Dictionary(keys.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Adds to a count; a key that is not known yet is shown from now on.
    ///
    /// - Parameters:
    ///   - amount: zero or more; the counter never falls.
    ///   - key: what is counted.
    package mutating func add(_ amount: Double, to key: Key) {
        if counts[key] == nil { keys.append(key) }
        counts[key, default: 0] += max(0, amount)
    }

    /// The count of a key; 0 when it is not known.
    package subscript(key: Key) -> Double { counts[key] ?? 0 }

    /// The series of the counter.
    func samples(_ labels: (Key) -> [MetricLabel]) -> [MetricSample] { keys.map { MetricSample(self[$0], labels($0)) } }
}
