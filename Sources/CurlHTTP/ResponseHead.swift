import WatchCore

/// Reads the header lines of one answer as libcurl hands them over, one call a line.
///
/// Interim answers (1xx) are passed over: each new status line begins afresh, so the last block stays. Trailers are
/// left out, as RFC 9110 §6.5.1 advises where nobody asked for them.
struct ResponseHead {
    /// 0 until a status line came.
    private(set) var status = 0
    private(set) var reason = ""
    private(set) var fields = HTTPFields()
    /// Whether the empty line after the fields of the last block came.
    private(set) var hasEnded = false
    /// Bytes of all lines so far, those of interim answers and trailers among them.
    private(set) var size = 0

    /// More bytes of header lines than this are not taken.
    static let limit = 64 << 10

    /// Takes one line with its line end.
    ///
    /// - Returns: whether the header is within the limit; a line beyond it is not read.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
        size += line.count
        guard size <= Self.limit else { return false }
        let text = Self.withoutLineEnd(line)
        if hasEnded || status == 0, text.starts(with: "HTTP/".utf8) {
            readStatus(text)
        } else if text.isEmpty {
            hasEnded = status != 0
        } else if !hasEnded {
            readField(text)
        }
        return true
    }

    private mutating func readStatus(_ line: Slice<UnsafeRawBufferPointer>) {
        let parts = line.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
        status = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
        reason = parts.count > 2 ? String(decoding: parts[2], as: UTF8.self) : ""
        fields = HTTPFields()
        hasEnded = false
    }

    private mutating func readField(_ line: Slice<UnsafeRawBufferPointer>) {
        if let field = HTTPFields.Field(line: line) {
            fields.fields.append(field)
        } else if line.first == 32 || line.first == 9, !fields.fields.isEmpty {
            // A folded value goes on (RFC 9112 §5.2).
            let rest = String(decoding: line, as: UTF8.self).trimmingSpaces
            fields.fields[fields.fields.count - 1].value += " \(rest)"
        }
    }

    private static func withoutLineEnd(_ line: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        var end = line.endIndex
        while end > line.startIndex, line[end - 1] == 10 || line[end - 1] == 13 { end -= 1 }
        return line[..<end]
    }
}

extension HTTPFields.Field {
    /// Reads `Name: value`; nil when there is no colon, or no name before it.
    init?(line: Slice<UnsafeRawBufferPointer>) {
        guard let colon = line.firstIndex(of: 58), colon > line.startIndex, line.first != 32, line.first != 9
        else { return nil }
        var (start, end) = (colon + 1, line.endIndex)
        while start < end, line[start] == 32 || line[start] == 9 { start += 1 }
        while end > start, line[end - 1] == 32 || line[end - 1] == 9 { end -= 1 }
        self.init(String(decoding: line[..<colon], as: UTF8.self), String(decoding: line[start..<end], as: UTF8.self))
    }
}
