import Glibc
import WatchCore

/// Reads the lines of headers. Most of a run's lines come more than once, and the fields of those are made once.
struct FieldReader {
    /// The fields that were read.
    private var known: [HTTPFields.Field] = []
    /// Where a line is looked for: the number of its field, from 1; 0: it was not read yet.
    private var numbers = [UInt8](repeating: 0, count: 1 << places)
    private static let places = 8

    /// Reads `Name: value` without line end; nil when there is no colon, or no name before it.
    mutating func field(_ line: UnsafeRawBufferPointer) -> HTTPFields.Field? {
        let place = Self.place(line)
        let number = Int(numbers[place])
        if number > 0, known[number - 1].isWritten(line) { return known[number - 1] }
        guard let field = HTTPFields.Field(line: line) else { return nil }
        if known.count == UInt8.max { self = FieldReader() }
        known.append(field)
        numbers[place] = UInt8(known.count)
        return field
    }

    /// Lines differ in their beginning, in their end, or in their length.
    private static func place(_ line: UnsafeRawBufferPointer) -> Int {
        guard line.count >= 8 else { return line.count }
        let first = line.loadUnaligned(as: UInt64.self)
        let last = line.loadUnaligned(fromByteOffset: line.count - 8, as: UInt64.self)
        let mixed = ((first ^ UInt64(line.count)) &* 0x9e37_79b9_7f4a_7c15) ^ (last &* 0xc2b2_ae3d_27d4_eb4f)
        return Int(truncatingIfNeeded: mixed >> (64 - places))
    }
}

extension HTTPFields.Field {
    /// Reads `Name: value`; nil when there is no colon, or no name before it.
    fileprivate init?(line: UnsafeRawBufferPointer) {
        guard let colon = line.first(58), colon > 0, line[0] != 32, line[0] != 9 else { return nil }
        var (start, end) = (colon + 1, line.count)
        while start < end, line[start] == 32 || line[start] == 9 { start += 1 }
        while end > start, line[end - 1] == 32 || line[end - 1] == 9 { end -= 1 }
        self.init(line.upTo(colon).text, UnsafeRawBufferPointer(rebasing: line[start..<end]).text)
    }

    /// Whether `line` is this field as it is usually written.
    fileprivate func isWritten(_ line: UnsafeRawBufferPointer) -> Bool {
        let count = name.utf8.count
        return line.count == count + 2 + value.utf8.count && line[count] == 58 && line[count + 1] == 32
            && name.stands(in: line.upTo(count)) && value.stands(in: line.after(count + 1))
    }

    /// A line without CR and LF at its end.
    static func withoutLineEnd(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = line.count
        while end > 0, line[end - 1] == 10 || line[end - 1] == 13 { end -= 1 }
        return line.upTo(end)
    }
}

extension UnsafeRawBufferPointer {
    /// Where the first such byte is.
    ///
    /// Source: memchr(3), which looks at many bytes at once.
    func first(_ byte: Int32) -> Int? {
        guard let start = baseAddress, let found = memchr(start, byte, count) else { return nil }
        return UnsafeRawPointer(found) - start
    }

    func upTo(_ end: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[..<end]) }

    /// What follows the byte at `place`.
    func after(_ place: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[(place + 1)...]) }

    /// As text; broken UTF-8 becomes replacement characters.
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension String {
    /// Whether it has these bytes; both are of one length.
    fileprivate func stands(in bytes: UnsafeRawBufferPointer) -> Bool {
        guard let other = bytes.baseAddress else { return true }
        return utf8.withContiguousStorageIfAvailable { own in
            own.baseAddress.map { memcmp($0, other, bytes.count) == 0 } ?? true
        } ?? false
    }
}
