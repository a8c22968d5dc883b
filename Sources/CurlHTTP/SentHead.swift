import WatchCore

/// Keeps the header that was really sent, as libcurl shows it while it sends.
struct SentHead {
    private var bytes: [UInt8] = []
    private var hasEnded = false

    /// Whether a request for the target itself went out; a proxy's CONNECT does not count.
    private(set) var reachedServer = false

    /// Takes a piece of the header. A new header after a whole one (behind CONNECT, or a second try) replaces it.
    mutating func take(_ piece: UnsafeRawBufferPointer) {
        if hasEnded { bytes.removeAll(keepingCapacity: true) }
        bytes.append(contentsOf: piece)
        hasEnded = bytes.suffix(4).elementsEqual("\r\n\r\n".utf8)
        if !bytes.starts(with: "CONNECT ".utf8) { reachedServer = true }
    }

    /// The fields without the request line, in the order of the wire.
    var fields: HTTPFields {
        bytes.withUnsafeBytes { all in
            var fields = HTTPFields()
            var rest = all
            var isRequestLine = true
            while let end = rest.firstIndex(of: 10) {
                let line = HTTPFields.Field.withoutLineEnd(UnsafeRawBufferPointer(rebasing: rest[..<end]))
                rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
                if !isRequestLine, let field = HTTPFields.Field(line: line) { fields.fields.append(field) }
                isRequestLine = false
            }
            return fields
        }
    }
}
