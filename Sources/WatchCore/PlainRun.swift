/// How far a text in UTF-8 may stand in JSON as it is: ASCII that shows itself, without quotes and backslashes.
///
/// It takes eight bytes at a time, for it sees every byte that is written. Of each eight it makes eight flags, in the
/// highest bits of a word; a flag may be wrong only behind one that is right, and the first one counts.
///
/// Source: Warren, Hacker's Delight, 2nd ed., 6-1 Find First 0-Byte.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highest: UInt64 = 0x8080_8080_8080_8080

    /// Where the run ends that begins at `start`.
    @inline(__always)
    static func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let lastWord = text.count - 8
        while index <= lastWord {
            let flags = flags(text, index)
            if flags != 0 { return index + flags.trailingZeroBitCount / 8 }
            // The last eight may overlap those before, of which nothing is to be told any more.
            index = index < lastWord ? min(index + 8, lastWord) : text.count
        }
        while index < text.count, isPlain(text[index]) { index += 1 }
        return index
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > UInt8(ascii: "\"") ? byte < 127 && byte != UInt8(ascii: "\\") : byte == 32 || byte == 33
    }

    /// Flags for the bytes that are not plain, the first byte lowest.
    @inline(__always)
    private static func flags(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt64 {
        let loaded = UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let word = UInt64(littleEndian: loaded)
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5c)
        let low = (word &- ones &* 32) & ~word
        let high = word | (word &+ ones)
        let escaped = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
        return (low | high | escaped) & highest
    }
}
