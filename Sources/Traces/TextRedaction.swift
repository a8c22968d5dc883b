/// The places of one text that are to be replaced, gathered from several looks at it.
struct TextRedaction {
    /// How sure the name in a place is; a surer one wins where places overlap.
    enum Weight: Int, Comparable {
        case structure, value, password

        static func < (a: Weight, b: Weight) -> Bool { a.rawValue < b.rawValue }
    }

    private struct Place {
        var range: Range<Int>
        var label: String
        var weight: Weight

        /// Whether its label is the better one for both together.
        func outweighs(_ other: Place) -> Bool {
            (weight, range.count) > (other.weight, other.range.count)
        }
    }

    private var places: [Place] = []

    /// Whether nothing is to be replaced.
    var isEmpty: Bool { places.isEmpty }

    /// Adds a place; it may overlap others.
    mutating func add(_ range: Range<Int>, label: String, weight: Weight) {
        guard !range.isEmpty else { return }
        let place = Place(range: range, label: label, weight: weight)
        // Repeats of one secret come in order and may overlap without end: joined at once they stay few.
        guard let last = places.last, last.label == label, last.weight == weight, last.range.overlaps(range) else {
            places.append(place)
            return
        }
        places[places.count - 1].range = Self.union(last.range, range)
    }

    /// `text` with each place replaced; overlapping ones become one, so that no end of a secret remains.
    func applied(to text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        for place in joined() {
            out += text[index..<place.range.lowerBound]
            out += place.label.utf8
            index = place.range.upperBound
        }
        return out + text[index...]
    }

    private func joined() -> [Place] {
        var joined: [Place] = []
        for place in places.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard let last = joined.last, last.range.overlaps(place.range) else {
                joined.append(place)
                continue
            }
            var best = place.outweighs(last) ? place : last
            best.range = Self.union(last.range, place.range)
            joined[joined.count - 1] = best
        }
        return joined
    }

    private static func union(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
        min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }
}
