/// Which elements of two lists belong together: the common subsequence that fits best.
enum Alignment {
    /// Longer lists are compared from their beginnings: time and memory grow with the product of the lengths.
    private static let longest = 1_000

    /// The pairs in order; an element without a counterpart stands with nil.
    ///
    /// - Parameter fit: how well two elements fit; 0: they never stand together.
    static func pairs<Element>(
        _ old: [Element], _ new: [Element], fit: (Element, Element) -> Int
    ) -> [(old: Element?, new: Element?)] {
        let (old, new) = (old.prefix(longest), new.prefix(longest))
        // best[i][j]: what old[i...] and new[j...] come to.
        var best = [[Int]](repeating: [Int](repeating: 0, count: new.count + 1), count: old.count + 1)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                let together = fit(old[i], new[j])
                let apart = max(best[i + 1][j], best[i][j + 1])
                best[i][j] = together > 0 ? max(best[i + 1][j + 1] + together, apart) : apart
            }
        }
        var pairs: [(old: Element?, new: Element?)] = []
        var (i, j) = (0, 0)
        while i < old.count, j < new.count {
            let together = fit(old[i], new[j])
            if together > 0, best[i][j] == best[i + 1][j + 1] + together {
                pairs.append((old[i], new[j]))
                (i, j) = (i + 1, j + 1)
            } else if best[i + 1][j] >= best[i][j + 1] {
                pairs.append((old[i], nil))
                i += 1
            } else {
                pairs.append((nil, new[j]))
                j += 1
            }
        }
        return pairs + old[i...].map { ($0, nil) } + new[j...].map { (nil, $0) }
    }
}
