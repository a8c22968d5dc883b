/// Bytes that are written from front to back: memory that grows, without what an array does at each of many small steps.
struct ByteSink: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    /// Nothing yet, with room for so many bytes.
    init(capacity: Int) {
        self.capacity = capacity
        start = .allocate(capacity: capacity)
    }

    deinit { start.deallocate() }

    /// All that was written.
    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    mutating func append(_ byte: UInt8) {
        makeRoom(for: 1)
        start[count] = byte
        count += 1
    }

    mutating func append(_ first: UInt8, _ second: UInt8) {
        makeRoom(for: 2)
        start[count] = first
        start[count + 1] = second
        count += 2
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        makeRoom(for: bytes.count)
        (start + count).initialize(from: source, count: bytes.count)
        count += bytes.count
    }

    /// Bytes between two others, of which most are quotes.
    mutating func append(_ before: UInt8, _ bytes: UnsafeBufferPointer<UInt8>, _ after: UInt8) {
        makeRoom(for: bytes.count + 2)
        start[count] = before
        if let source = bytes.baseAddress { (start + count + 1).initialize(from: source, count: bytes.count) }
        start[count + 1 + bytes.count] = after
        count += bytes.count + 2
    }

    /// Bytes that were written before.
    mutating func append(again place: Range<Int>) {
        precondition(place.lowerBound >= 0 && place.upperBound <= count, "nothing was written there")
        makeRoom(for: place.count)
        (start + count).initialize(from: start + place.lowerBound, count: place.count)
        count += place.count
    }

    /// The digits of a number.
    mutating func append(decimal value: Int) {
        // 19 digits, and a sign.
        makeRoom(for: 20)
        if value < 0 {
            start[count] = UInt8(ascii: "-")
            count += 1
        }
        let first = count
        var rest = value.magnitude
        repeat {
            start[count] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            count += 1
        } while rest > 0
        var digits = UnsafeMutableBufferPointer(start: start + first, count: count - first)
        digits.reverse()
    }

    /// A line end and so many spaces.
    mutating func append(lineThenSpaces spaces: Int) {
        // Eight spaces at a time: room for those that are too many.
        makeRoom(for: spaces + 9)
        start[count] = UInt8(ascii: "\n")
        count += 1
        for place in stride(from: count, to: count + spaces, by: 8) {
            UnsafeMutableRawPointer(start + place).storeBytes(of: 0x2020_2020_2020_2020, as: UInt64.self)
        }
        count += spaces
    }

    private mutating func makeRoom(for more: Int) {
        if count + more > capacity { grow(by: more) }
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.moveInitialize(from: start, count: count)
        start.deallocate()
        start = larger
    }
}
