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
        let text = HTTPFields.Field.withoutLineEnd(line)
        if hasEnded || status == 0, text.starts(with: "HTTP/".utf8) {
            readStatus(text)
        } else if text.isEmpty {
            hasEnded = status != 0
        } else if !hasEnded {
            readField(text)
        }
        return true
    }

    /// Source: RFC 9112 §4, `status-line`.
    private mutating func readStatus(_ line: UnsafeRawBufferPointer) {
        let code = line.firstIndex(of: 32).map { UnsafeRawBufferPointer(rebasing: line[($0 + 1)...]) }
        let end = code?.firstIndex(of: 32)
        status = code.flatMap { Int(String(decoding: $0[..<(end ?? $0.count)], as: UTF8.self)) } ?? 0
        reason = if let code, let end { String(decoding: code[(end + 1)...], as: UTF8.self) } else { "" }
        fields = HTTPFields()
        hasEnded = false
    }

    private mutating func readField(_ line: UnsafeRawBufferPointer) {
        if let field = HTTPFields.Field(line: line) {
            fields.fields.append(field)
        } else if line.first == 32 || line.first == 9, !fields.fields.isEmpty {
            // A folded value goes on (RFC 9112 §5.2).
            let rest = String(decoding: line, as: UTF8.self).trimmingSpaces
            fields.fields[fields.fields.count - 1].value += " \(rest)"
        }
    }
}

extension HTTPFields.Field {
    /// Reads `Name: value`; nil when there is no colon, or no name before it.
    init?(line: UnsafeRawBufferPointer) {
        guard let colon = line.firstIndex(of: 58), colon > 0, line[0] != 32, line[0] != 9 else { return nil }
        var (start, end) = (colon + 1, line.count)
        while start < end, line[start] == 32 || line[start] == 9 { start += 1 }
        while end > start, line[end - 1] == 32 || line[end - 1] == 9 { end -= 1 }
        self.init(String(decoding: line[..<colon], as: UTF8.self), String(decoding: line[start..<end], as: UTF8.self))
    }

    /// A line without CR and LF at its end.
    static func withoutLineEnd(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = line.count
        while end > 0, line[end - 1] == 10 || line[end - 1] == 13 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: line[..<end])
    }
}
