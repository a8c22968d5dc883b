/// What each byte of a text may be part of, in tables: these questions are asked for every byte of every text.
enum ByteTraits {
    /// The byte that each byte is folded to.
    static let folds = (UInt8.min...UInt8.max).map(\.folded)
    private static let marks = (UInt8.min...UInt8.max).map(mark)

    /// Something begins here that only a close look tells: an escape, a name's value, a tag. `J` is in every JWT, `@` in
    /// every URL that holds a password.
    private static let opens: UInt8 = 1
    /// A space. It matters only where it ends the name of a scheme.
    private static let space: UInt8 = 2

    private static func mark(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0, UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "\\"), UInt8(ascii: "="), UInt8(ascii: "<"),
            UInt8(ascii: "J"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "@"):
            opens
        case UInt8(ascii: " "): space
        default: 0
        }
    }

    /// Whether a text has neither structure nor escapes: nothing of what `StructureScanner` and `Escape` look for. False is
    /// no proof of the contrary.
    static func arePlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let seen = marks.withUnsafeBufferPointer { marks in text.reduce(0) { $0 | marks[Int($1)] } }
        return seen == 0 || seen == space && !namesScheme(text)
    }

    /// Whether words of a text may be `Bearer` or `Basic`, before a space.
    private static func namesScheme(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var last: UInt8 = 0
        for byte in text {
            if byte == UInt8(ascii: " "), last == UInt8(ascii: "r") || last == UInt8(ascii: "c") { return true }
            last = byte | 32
        }
        return false
    }
}
