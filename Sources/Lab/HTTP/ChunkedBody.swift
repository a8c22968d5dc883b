import WatchCore

/// The chunked transfer coding, both ways.
///
/// Source: RFC 9112 §7.1.
enum ChunkedBody {
    /// Decodes a whole chunked body.
    ///
    /// - Parameter limit: bytes of content at most.
    /// - Returns: the content and the index after it; nil when more bytes are needed.
    /// - Throws: `malformed`, `bodyTooLarge`.
    static func decode(_ bytes: ArraySlice<UInt8>, limit: Int) throws(RequestError) -> (bytes: [UInt8], end: Int)? {
        var content: [UInt8] = []
        var rest = bytes
        while let lineEnd = rest.firstIndex(of: [13, 10]) {
            let size = try size(rest[..<lineEnd])
            rest = rest[(lineEnd + 2)...]
            if size == 0 { return try end(of: rest).map { (content, $0) } }
            guard content.count + size <= limit else { throw .bodyTooLarge }
            guard rest.count >= size + 2 else { return nil }
            content += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard rest.starts(with: [13, 10]) else { throw .malformed }
            rest = rest.dropFirst(2)
        }
        if rest.count > 256 { throw .malformed }
        return nil
    }

    /// One chunk; an empty one ends the body.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10]
    }

    private static func size(_ line: ArraySlice<UInt8>) throws(RequestError) -> Int {
        let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).trimmingSpaces
        guard digits.utf8.count <= 8, !digits.hasPrefix("+"), !digits.hasPrefix("-"), let size = Int(digits, radix: 16)
        else { throw .malformed }
        return size
    }

    /// After the last chunk: trailer fields, which nobody needs, and a blank line.
    private static func end(of bytes: ArraySlice<UInt8>) throws(RequestError) -> Int? {
        if bytes.starts(with: [13, 10]) { return bytes.startIndex + 2 }
        if bytes.count > RequestParser.headLimit { throw .headersTooLarge }
        return bytes.firstIndex(of: [13, 10, 13, 10]).map { $0 + 4 }
    }
}
