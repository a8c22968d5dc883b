/// Bytes that are written from front to back: memory that grows, without what an array does at each of many small steps.
struct ByteSink: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity = 4_096
    private var count = 0

    /// Nothing yet.
    init() { start = .allocate(capacity: capacity) }

    deinit { start.deallocate() }

    /// All that was written.
    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    mutating func append(_ byte: UInt8) {
        makeRoom(for: 1)
        start[count] = byte
        count += 1
    }

    /// The same byte, `repeats` times.
    mutating func append(_ byte: UInt8, count repeats: Int) {
        makeRoom(for: repeats)
        (start + count).initialize(repeating: byte, count: repeats)
        count += repeats
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        makeRoom(for: bytes.count)
        (start + count).initialize(from: source, count: bytes.count)
        count += bytes.count
    }

    private mutating func makeRoom(for more: Int) {
        if count + more <= capacity { return }
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.moveInitialize(from: start, count: count)
        start.deallocate()
        start = larger
    }
}
