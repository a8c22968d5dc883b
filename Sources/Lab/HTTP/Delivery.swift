import WatchCore

/// How one answer goes over the wire, good or spoiled: a list of steps that the connection takes.
struct Delivery: Sendable, Hashable {
    /// One step.
    enum Step: Sendable, Hashable {
        case send([UInt8])
        /// One byte at a time.
        case drip([UInt8])
        /// A comment of an event stream again and again, until the client goes.
        case comments
        /// Nothing, until the client goes.
        case hang
        /// A TCP reset.
        case reset
    }

    var steps: [Step]
    /// Whether the connection ends after it.
    var closes: Bool

    /// Plans an answer.
    ///
    /// - Parameters:
    ///   - response: the right answer.
    ///   - fault: what spoils it.
    ///   - isHead: whether the request was HEAD, whose answer has no body.
    ///   - closes: whether the connection ends after a good answer.
    ///   - date: for the `Date` field.
    init(_ response: LabResponse, fault: TransportFault?, isHead: Bool = false, closes: Bool, date: WallTime) {
        self.closes = closes
        switch fault {
        case nil, .html, .serverError: steps = Self.good(response, isHead: isHead, closes: closes, date: date)
        case .hang: (steps, self.closes) = ([.hang], true)
        case .reset: (steps, self.closes) = ([.reset], true)
        case .drip: steps = [.drip(Self.whole(response, closes: closes, date: date))]
        case .malformed: (steps, self.closes) = ([.send(Array("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n".utf8))], true)
        case .truncated:
            let whole = Self.whole(response, closes: true, date: date)
            let missing = max(1, response.body.count / 2)
            (steps, self.closes) = ([.send(whole.dropLast(missing))], true)
        case .oversized:
            // White space around a JSON text is allowed, and in HTML too: only the size is wrong.
            let padding = [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20)
            steps = Self.good(response.with(body: padding + response.body), closes: closes, date: date)
        case .deepJSON:
            let depth = 100_000
            let body =
                [UInt8](repeating: UInt8(ascii: "["), count: depth)
                + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
            steps = Self.good(response.with(body: body), closes: closes, date: date)
        case .wrongEncoding:
            let text = String(decoding: response.body, as: UTF8.self)
            let body = [UInt16(0xfeff)] + Array(text.utf16)
            steps = Self.good(response.with(body: body.flatMap(\.littleEndianBytes)), closes: closes, date: date)
        }
    }

    private static func whole(_ response: LabResponse, closes: Bool, date: WallTime) -> [UInt8] {
        var response = response
        response.framing = .contentLength
        return response.head(keepsAlive: !closes, date: date) + response.body
    }

    private static func good(_ response: LabResponse, isHead: Bool = false, closes: Bool, date: WallTime) -> [Step] {
        let head = response.head(keepsAlive: !closes, date: date)
        guard !isHead, response.mayHaveBody else { return [.send(head)] }
        switch response.framing {
        case .contentLength: return [.send(head + response.body)]
        case .chunked:
            let half = response.body.count / 2
            let parts = [Array(response.body[..<half]), Array(response.body[half...])].filter { !$0.isEmpty }
            return [.send(head)] + (parts + [[]]).map { .send(ChunkedBody.encode($0)) }
        case .openEnded:
            return [.send(head), .send(ChunkedBody.encode(response.body)), .comments]
        }
    }
}

extension LabResponse {
    /// With another body of the same kind, and a length that fits.
    fileprivate func with(body: [UInt8]) -> LabResponse {
        var response = self
        response.body = body
        response.framing = .contentLength
        return response
    }

    /// What the server says when it does not even look at a request.
    static func unprocessed(_ fault: TransportFault) -> LabResponse {
        let title = fault == .serverError ? "Internal Server Error" : "Welcome to nginx!"
        return LabResponse(
            status: fault == .serverError ? 500 : 200, fields: ["Content-Type": "text/html"],
            body: Array(
                "<!DOCTYPE html>\n<html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>\n"
                    .utf8))
    }
}

extension UInt16 {
    fileprivate var littleEndianBytes: [UInt8] { [UInt8(truncatingIfNeeded: self), UInt8(self >> 8)] }
}
