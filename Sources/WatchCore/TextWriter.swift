/// Writes a text from parts, each of which is copied once; to append to a string takes several times as long.
struct TextWriter: ~Copyable {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    fileprivate init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func add(_ part: String) {
        var part = part
        part.withUTF8 { add($0) }
    }

    mutating func add(_ part: StaticString) { part.withUTF8Buffer { add($0) } }

    /// A number in decimal digits.
    mutating func add(_ number: UInt16) {
        var (unit, rest) = (UInt16(1), number)
        while rest / unit > 9 { unit *= 10 }
        while unit > 0, count < buffer.count {
            buffer[count] = UInt8(ascii: "0") + UInt8(rest / unit)
            count += 1
            (rest, unit) = (rest % unit, unit / 10)
        }
    }

    /// What there is no room for is left out.
    private mutating func add(_ part: UnsafeBufferPointer<UInt8>) {
        let taken = part.prefix(buffer.count - count)
        _ = buffer[count...].update(fromContentsOf: taken)
        count += taken.count
    }
}

extension String {
    /// What `write` writes; at most `room` bytes.
    init(room: Int, _ write: (inout TextWriter) -> Void) {
        self.init(unsafeUninitializedCapacity: room) { buffer in
            var writer = TextWriter(buffer)
            write(&writer)
            return writer.count
        }
    }
}
