import WatchCore

/// Members that a trace holds already, and where: most requests of a run send the same header fields to the same URLs, and
/// most answers bring the same ones. They are redacted once, and then copied.
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

/// What a member is made of.
protocol MemberSource {
    /// Any number, the same for equal ones.
    var slot: Int { get }
    /// Whether another one, which is in ASCII, has the same bytes.
    func isSame(as other: Self) -> Bool
}

extension HTTPFields.Field: MemberSource {
    /// The fields that come in all requests differ in their lengths.
    var slot: Int { 31 &* name.utf8.count &+ value.utf8.count }
    /// Whether it is in ASCII.
    var isASCII: Bool { name.isASCII && value.isASCII }

    func isSame(as other: Self) -> Bool {
        // What is equal to ASCII, and as long, is ASCII.
        value.utf8.count == other.value.utf8.count && name.utf8.count == other.name.utf8.count
            && value == other.value && name == other.name
    }
}

extension WebURL: MemberSource {
    /// In its normal form it is in ASCII.
    var slot: Int { path.utf8.count &+ 31 &* (query?.utf8.count ?? 0) }
    func isSame(as other: Self) -> Bool { self == other }
}

extension String {
    /// Whether it is in ASCII.
    fileprivate var isASCII: Bool {
        var text = self
        return text.withUTF8 { bytes in bytes.reduce(0) { $0 | $1 } < 128 }
    }
}
