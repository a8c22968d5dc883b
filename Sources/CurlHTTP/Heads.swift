import WatchCore

/// The headers of one transfer, both ways.
struct Heads {
    private(set) var received = ResponseHead()
    private(set) var sent = SentHead()
    private var reader = FieldReader()

    /// Begins the next transfer.
    mutating func begin() {
        received = ResponseHead()
        sent = SentHead()
    }

    /// Takes a line of the answer's header; false when it is beyond the limit.
    mutating func takeReceived(_ line: UnsafeRawBufferPointer) -> Bool { received.take(line, &reader) }

    /// Takes a piece of the request's header.
    mutating func takeSent(_ piece: UnsafeRawBufferPointer) { sent.take(piece, &reader) }
}
