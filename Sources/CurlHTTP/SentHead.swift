import WatchCore

/// Keeps the header that was really sent, as libcurl shows it while it sends.
struct SentHead {
    /// The fields of the last header without the request line, in the order of the wire.
    private(set) var fields = HTTPFields()
    /// Whether a request for the target itself went out; a proxy's CONNECT does not count.
    private(set) var reachedServer = false
    /// Whether the last header was one for the target itself, and is whole.
    private(set) var isWhole = false
    /// What came of a header that is not whole yet.
    private var part: [UInt8] = []

    /// Takes a piece of the header. A new header after a whole one (behind CONNECT, or a second try) replaces it.
    mutating func take(_ piece: UnsafeRawBufferPointer, _ reader: inout FieldReader) {
        if part.isEmpty, Self.isWhole(piece) { return read(piece, &reader) }
        var head = part
        head.append(contentsOf: piece)
        head.withUnsafeBytes { read($0, &reader) }
        part = head.withUnsafeBytes(Self.isWhole) ? [] : head
    }

    private mutating func read(_ head: UnsafeRawBufferPointer, _ reader: inout FieldReader) {
        let isForServer = !head.starts(with: "CONNECT ".utf8)
        if isForServer { reachedServer = true }
        isWhole = isForServer && Self.isWhole(head)
        fields = HTTPFields(room: 12)
        var rest = head
        var isRequestLine = true
        while let end = rest.first(10) {
            let line = HTTPFields.Field.withoutLineEnd(rest.upTo(end))
            if !isRequestLine, let field = reader.field(line) { fields.fields.append(field) }
            isRequestLine = false
            rest = rest.after(end)
        }
    }

    private static func isWhole(_ head: UnsafeRawBufferPointer) -> Bool {
        head.count >= 4 && head.loadUnaligned(fromByteOffset: head.count - 4, as: UInt32.self).bigEndian == 0x0d0a_0d0a
    }
}
