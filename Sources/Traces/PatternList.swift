import Crypto

/// Patterns to look for, one behind the other in one piece of memory: a run makes some hundred short ones.
///
/// Bytes that an encoding may swap for each other count as the same: they stand here `folded`.
struct PatternList: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each one ends.
    private var ends: [Int] = []

    /// No patterns yet.
    init() {}

    /// The bytes of these texts.
    init(_ texts: [String]) {
        for text in texts { append(Array(text.utf8)[...]) }
    }

    var count: Int { ends.count }

    /// Where a pattern stands in `bytes`.
    subscript(index: Int) -> Range<Int> { (index > 0 ? ends[index - 1] : 0)..<ends[index] }

    /// Makes room for so many patterns and their bytes.
    mutating func reserveCapacity(_ count: Int, bytes size: Int) {
        ends.reserveCapacity(count)
        bytes.reserveCapacity(size)
    }

    mutating func append(_ pattern: ArraySlice<UInt8>) { append { $0.append(contentsOf: pattern) } }

    /// Appends the whole digits of `secret` in Base64 from one of its first bits on.
    mutating func append(base64 secret: ArraySlice<UInt8>, fromBit bit: Int) {
        append { Base64.append(digitsOf: secret, fromBit: bit, to: &$0) }
    }

    @inline(__always)
    private mutating func append(_ write: (_ bytes: inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        bytes.withUnsafeMutableBufferPointer { bytes in
            for index in start..<bytes.count { bytes[index] = bytes[index].folded }
        }
        ends.append(bytes.count)
    }

    /// Appends what `secret` looks like in hexadecimal, with letters from `ten` on.
    mutating func append(hexadecimal secret: ArraySlice<UInt8>, tenIs ten: UInt8) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") &+ value : ten &+ value &- 10 }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 2 * secret.count))
        bytes.withUnsafeMutableBufferPointer { bytes in
            var place = start
            for byte in secret {
                bytes[place] = digit(byte >> 4)
                bytes[place &+ 1] = digit(byte & 15)
                place &+= 2
            }
        }
        ends.append(bytes.count)
    }
}
