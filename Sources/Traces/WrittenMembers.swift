/// Members that a trace holds already, and where: most requests of a run send the same header fields and bodies to the same
/// URLs, and most answers bring the same ones. They are redacted once, and then copied.
///
/// It remembers one member for each slot; what comes to the same slot takes its place.
struct WrittenMembers<Source: MemberSource> {
    private var sources: [Source?]
    private var places: [Range<Int>]

    /// Nothing yet.
    ///
    /// - Parameter slots: how many at most; a power of two.
    init(slots: Int) {
        sources = [Source?](repeating: nil, count: slots)
        places = [Range<Int>](repeating: 0..<0, count: slots)
    }

    /// Where the member stands that was made of `source`; nil when it is not known.
    subscript(source: Source) -> Range<Int>? {
        let slot = source.slot & (places.count - 1)
        guard let known = sources[slot], known.isSame(as: source) else { return nil }
        return places[slot]
    }

    /// Remembers where the member stands that was made of `source`.
    ///
    /// - Parameter source: in ASCII. To Swift, other texts may be equal and differ in their bytes.
    mutating func note(_ source: Source, at place: Range<Int>) {
        let slot = source.slot & (places.count - 1)
        sources[slot] = source
        places[slot] = place
    }
}
