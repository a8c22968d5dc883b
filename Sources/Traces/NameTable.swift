/// What some names mean, looked up by their keys. A key is a hash already, so nothing is hashed once more.
struct NameTable {
    /// What a name may mean.
    struct Kinds: OptionSet {
        var rawValue: UInt8

        static let password = Kinds(rawValue: 1)
        static let secret = Kinds(rawValue: 2)
        static let ambiguous = Kinds(rawValue: 4)
        static let known = Kinds(rawValue: 8)
        static let commonHeader = Kinds(rawValue: 16)
    }

    /// In a table that is at least half empty; 0: nothing.
    private var hashes: [UInt64]
    private var kinds: [Kinds]
    private var endings: [(ending: NameEnding, kinds: Kinds)]
    /// One bit for the low bits of each letter that an ending ends in.
    private var lastLetters: UInt64 = 0

    /// The names, and the endings of names, that are written here.
    init(_ names: [(Kinds, [StaticString])], endings words: [(Kinds, [StaticString])]) {
        let size = 512
        hashes = [UInt64](repeating: 0, count: size)
        kinds = [Kinds](repeating: [], count: size)
        endings = []
        for (kind, names) in names {
            for name in names {
                let hash = NameKey(name).hash
                let place = place(of: hash)
                hashes[place] = hash
                kinds[place].insert(kind)
            }
        }
        for (kind, words) in words {
            for word in words {
                let key = NameKey(word)
                endings.append((key.asEnding, kind))
                lastLetters |= 1 << UInt64(key.last & 63)
            }
        }
    }

    /// What a name means as a whole.
    func kinds(ofWhole key: NameKey) -> Kinds { kinds[place(of: key.hash)] }

    /// What a name means as a whole, or by its end.
    func kinds(of key: NameKey) -> Kinds {
        var all = kinds(ofWhole: key)
        guard lastLetters >> UInt64(key.last & 63) & 1 != 0 else { return all }
        for (ending, kinds) in endings where key.hasSuffix(ending) { all.formUnion(kinds) }
        return all
    }

    /// Where a hash stands, or else would.
    private func place(of hash: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: hash >> 32) & (hashes.count - 1)
        while hashes[place] != 0, hashes[place] != hash { place = (place + 1) & (hashes.count - 1) }
        return place
    }
}
