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
        for byte in name { add(byte) }
    }

    /// The key of a name.
    init(_ name: String) {
        var name = name
        self = name.withUTF8 { NameKey($0) }
    }

    /// The key of a name that is written here.
    init(_ name: StaticString) {
        self.init(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Whether it ends in a word of at most eight letters.
    func hasSuffix(_ word: NameEnding) -> Bool { tail & word.mask == word.letters }

    /// The last character; 0 when there is none.
    var last: UInt8 { UInt8(truncatingIfNeeded: tail) }

    /// A word that names may end in.
    var asEnding: NameEnding {
        let length = (64 - tail.leadingZeroBitCount + 7) / 8
        return NameEnding(letters: tail, mask: length == 8 ? .max : 1 << UInt64(8 * length) - 1)
    }

    private mutating func add(_ byte: UInt8) {
        let letter = byte | 32
        if letter &- 97 < 26 { append(letter) } else if byte.isASCIIDigit { append(byte) }
    }

    private mutating func append(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        tail = tail << 8 | UInt64(byte)
        if byte == UInt8(ascii: "f") {
            let last = UInt32(truncatingIfNeeded: tail)
            if last == 0x6373_7266 || last == 0x7873_7266 { namesForgery = true }
        }
    }
}

/// The last letters of names, eight at most.
struct NameEnding {
    fileprivate var letters: UInt64
    /// The bits of as many letters.
    fileprivate var mask: UInt64
}
