/// A time in nanoseconds as JSON tells it in seconds: `0.000386`, `2.5e-05`, `3.0`, as Swift describes the same `Double`.
///
/// No two decimals of at most 15 digits are the same `Double`, and a description is the shortest decimal that means the
/// number: it is the one that the nanoseconds are. So the digits need not be looked for.
///
/// Source: C17 §5.2.4.2.2, `DBL_DIG`; the description of `Double` in the standard library.
struct SecondsText: ~Copyable {
    /// From the back to the front.
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var start: Int

    /// Calls `use` with the text.
    ///
    /// - Parameter nanoseconds: 0 to 999,999,999,999,999, which is eleven days.
    /// - Returns: whether it was called; not when the number is out of its range.
    static func with(_ nanoseconds: Int64, _ use: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
        guard (0...999_999_999_999_999).contains(nanoseconds) else { return false }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
            var text = SecondsText(buffer: buffer, start: buffer.count)
            text.write(UInt64(nanoseconds))
            use(UnsafeBufferPointer(rebasing: buffer[text.start...]))
        }
        return true
    }

    private mutating func write(_ nanoseconds: UInt64) {
        var (digits, decimals) = (nanoseconds, 9)
        while decimals > 0, digits % 10 == 0 { (digits, decimals) = (digits / 10, decimals - 1) }
        if nanoseconds < 100_000, nanoseconds > 0 {
            writeShort(digits, decimals)
        } else {
            if decimals == 0 { add(UInt8(ascii: "0")) }
            for _ in 0..<decimals { addLast(of: &digits) }
            add(UInt8(ascii: "."))
            repeat { addLast(of: &digits) } while digits > 0
        }
    }

    /// Less than a ten thousandth: `2.5e-05`.
    private mutating func writeShort(_ digits: UInt64, _ decimals: Int) {
        var (digits, behindPoint) = (digits, 0)
        var rest = digits
        while rest > 9 { (rest, behindPoint) = (rest / 10, behindPoint + 1) }
        add(UInt8(ascii: "0") + UInt8(decimals - behindPoint))
        for byte in "0-e".utf8 { add(byte) }
        for _ in 0..<behindPoint { addLast(of: &digits) }
        if behindPoint > 0 { add(UInt8(ascii: ".")) }
        addLast(of: &digits)
    }

    private mutating func addLast(of digits: inout UInt64) {
        add(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digits % 10))
        digits /= 10
    }

    private mutating func add(_ byte: UInt8) {
        start -= 1
        buffer[start] = byte
    }
}
