import WatchCore

/// A name, reduced to its letters and digits in lower case, in a form that costs no allocation: names are looked up for
/// every parameter and attribute of every page. `user[password]` and `userPassword` end alike.
struct NameKey: Hashable {
    /// FNV-1a of the whole name. Two names that share it would be redacted alike, no more.
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The last eight characters, the last one lowest.
    private var tail: UInt64 = 0
    /// Whether `csrf` or `xsrf` stands in it.
    private(set) var namesForgery = false

    /// The key of a name.
    init(_ name: some Sequence<UInt8>) {
        for byte in name where byte.isASCIIDigit || byte.isASCIILetter { add(byte.asciiLowercased) }
    }

    /// The key of a name that is written here.
    init(_ name: StaticString) {
        self.init(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Whether it ends in a word of at most eight letters.
    func hasSuffix(_ word: NameKey) -> Bool {
        let length = UInt64(64 - word.tail.leadingZeroBitCount + 7) / 8 * 8
        let mask = length == 64 ? UInt64.max : (1 << length) - 1
        return tail & mask == word.tail
    }

    private mutating func add(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        tail = tail << 8 | UInt64(byte)
        if byte == UInt8(ascii: "f") {
            let last = UInt32(truncatingIfNeeded: tail)
            if last == 0x6373_7266 || last == 0x7873_7266 { namesForgery = true }
        }
    }
}

/// Some names, looked up by their keys. The key is a hash already, so nothing is hashed once more.
struct NameSet {
    /// In a table that is at least half empty; 0: nothing.
    private var slots: [UInt64]

    /// The names that are written here.
    init(_ names: StaticString...) {
        var size = 16
        while size < names.count * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        for name in names {
            let hash = NameKey(name).hash
            slots[place(of: hash)] = hash
        }
    }

    func contains(_ key: NameKey) -> Bool { slots[place(of: key.hash)] == key.hash }

    /// Where a hash stands, or else would.
    private func place(of hash: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: hash >> 32) & (slots.count - 1)
        while slots[place] != 0, slots[place] != hash { place = (place + 1) & (slots.count - 1) }
        return place
    }
}
