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
    /// `StructureScanner` looks whether something begins here.
    private static let begins: UInt8 = 4

    private static func mark(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "<"): opens | begins
        case UInt8(ascii: ":"), UInt8(ascii: "e"), UInt8(ascii: "b"), UInt8(ascii: "B"): begins
        case 0, UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "\\"), UInt8(ascii: "J"), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: "@"):
            opens
        case UInt8(ascii: " "): space
        default: 0
        }
    }

    /// Whether a text has neither structure nor escapes: nothing of what `StructureScanner` and `Escape` look for. False is
    /// no proof of the contrary.
    static func arePlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let seen = marks.withUnsafeBufferPointer { marks in text.reduce(0) { $0 | marks[Int($1)] } }
        return seen & opens == 0 && (seen & space == 0 || !namesScheme(text))
    }

    /// The next byte from `start` on with which structure may begin. The second letter of a JWT and of a scheme counts, too.
    static func nextBeginning(in text: [UInt8], from start: Int) -> Int {
        marks.withUnsafeBufferPointer { marks in
            text.withUnsafeBufferPointer { text in
                var index = start
                while index < text.count, marks[Int(text[index])] & begins == 0 || !isBegun(text, index) { index &+= 1 }
                return index
            }
        }
    }

    private static func isBegun(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let next = index + 1 < text.count ? text[index + 1] | 32 : 0
        return switch text[index] {
        case UInt8(ascii: "e"): next == UInt8(ascii: "y")
        case UInt8(ascii: "b"), UInt8(ascii: "B"): next == UInt8(ascii: "e") || next == UInt8(ascii: "a")
        default: true
        }
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
