import WatchCore

/// Why bytes are no request, and the status to answer with.
enum RequestError: Int, Error, Hashable {
    case malformed = 400
    case bodyTooLarge = 413
    case headersTooLarge = 431
    case unknownTransferCoding = 501
    case unknownVersion = 505
}

/// Reads HTTP/1.1 requests out of a stream of bytes, one after the other.
///
/// Source: RFC 9112.
struct RequestParser {
    /// Bytes of a head at most.
    static let headLimit = 64 << 10
    /// Bytes of a body at most.
    static let bodyLimit = 1 << 20

    private var buffer: [UInt8] = []

    /// Adds bytes that were received.
    mutating func append(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

    /// Takes the next whole request.
    ///
    /// - Returns: nil when more bytes are needed.
    /// - Throws: when no request can come of these bytes.
    mutating func next() throws(RequestError) -> LabRequest? {
        while buffer.starts(with: [13, 10]) { buffer.removeFirst(2) }
        guard let end = buffer.firstIndex(of: Self.blankLine) else {
            if buffer.count > Self.headLimit { throw .headersTooLarge }
            return nil
        }
        guard end <= Self.headLimit else { throw .headersTooLarge }
        var request = try Self.head(buffer[..<end])
        let rest = buffer[(end + 4)...]
        guard let body = try Self.body(of: request, in: rest) else { return nil }
        request.body = body.bytes
        buffer = Array(rest[body.end...])
        return request
    }

    private static let blankLine: [UInt8] = [13, 10, 13, 10]

    private static func head(_ bytes: ArraySlice<UInt8>) throws(RequestError) -> LabRequest {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let parts = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].hasPrefix("/"), isToken(parts[0]) else { throw .malformed }
        guard parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0" else {
            throw parts[2].hasPrefix("HTTP/") ? .unknownVersion : .malformed
        }
        var fields = HTTPFields()
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, isToken(pair[0]) else { throw .malformed }
            fields.fields.append(.init(String(pair[0]), String(pair[1]).trimmingSpaces))
        }
        let version = String(parts[2].dropFirst(5))
        if version == "1.1", fields.all("Host").count != 1 { throw .malformed }
        return LabRequest(method: String(parts[0]), target: String(parts[1]), version: version, fields: fields)
    }

    /// Source: RFC 9110 §5.6.2.
    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (97...122).contains($0.asciiLowercased) || "!#$%&'*+-.^_`|~".utf8.contains($0)
            }
    }

    private static func body(
        of request: LabRequest, in bytes: ArraySlice<UInt8>
    ) throws(RequestError) -> (bytes: [UInt8], end: Int)? {
        let lengths = Set(request.fields.all("Content-Length"))
        if let coding = request.fields["Transfer-Encoding"] {
            guard lengths.isEmpty else { throw .malformed }
            guard coding.equalsIgnoringCase("chunked") else { throw .unknownTransferCoding }
            return try ChunkedBody.decode(bytes, limit: bodyLimit)
        }
        guard let text = lengths.first else { return ([], bytes.startIndex) }
        guard lengths.count == 1, text.utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(text)
        else { throw .malformed }
        guard length <= bodyLimit else { throw .bodyTooLarge }
        guard bytes.count >= length else { return nil }
        let end = bytes.startIndex + length
        return (Array(bytes[..<end]), end)
    }
}

extension Collection<UInt8> where Index == Int {
    /// Where `pattern` first stands.
    func firstIndex(of pattern: [UInt8]) -> Int? {
        guard let first = pattern.first else { return startIndex }
        var start = startIndex
        while let candidate = self[start...].firstIndex(of: first) {
            if self[candidate...].starts(with: pattern) { return candidate }
            start = candidate + 1
        }
        return nil
    }
}
