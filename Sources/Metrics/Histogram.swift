import WatchCore

/// How often a duration fell below each of some bounds, and the sum of all.
package struct Histogram: Sendable, Hashable {
    /// Upper bounds in seconds; 5 and 10 are what known clients wait.
    package static let bounds: [Double] = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// For each bound, and last for infinity, the number of values up to it.
    package private(set) var cumulativeCounts = [UInt64](repeating: 0, count: bounds.count + 1)
    /// Seconds.
    package private(set) var sum = 0.0

    /// Nothing observed yet.
    package init() {}

    /// The number of values observed.
    package var count: UInt64 { cumulativeCounts.last ?? 0 }

    /// Adds a value.
    package mutating func observe(_ duration: Duration) {
        let seconds = duration.seconds
        sum += seconds
        for index in cumulativeCounts.indices where index == Self.bounds.count || seconds <= Self.bounds[index] {
            cumulativeCounts[index] += 1
        }
    }
}
