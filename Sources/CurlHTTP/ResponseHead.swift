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
    mutating func take(_ line: UnsafeRawBufferPointer, _ reader: inout FieldReader) -> Bool {
        size += line.count
        guard size <= Self.limit else { return false }
        let text = HTTPFields.Field.withoutLineEnd(line)
        if hasEnded || status == 0, text.starts(with: "HTTP/".utf8) {
            readStatus(text)
        } else if text.isEmpty {
            hasEnded = status != 0
        } else if !hasEnded {
            readField(text, &reader)
        }
        return true
    }

    /// Source: RFC 9112 §4, `status-line`.
    private mutating func readStatus(_ line: UnsafeRawBufferPointer) {
        let code = line.first(32).map(line.after)
        let end = code?.first(32)
        status = code.flatMap { Int($0.upTo(end ?? $0.count).text) } ?? 0
        reason = if let code, let end { code.after(end).text } else { "" }
        fields = HTTPFields(room: 12)
        hasEnded = false
    }

    private mutating func readField(_ line: UnsafeRawBufferPointer, _ reader: inout FieldReader) {
        if let field = reader.field(line) {
            fields.fields.append(field)
        } else if line.first == 32 || line.first == 9, !fields.fields.isEmpty {
            // A folded value goes on (RFC 9112 §5.2).
            let rest = line.text.trimmingSpaces
            fields.fields[fields.fields.count - 1].value += " \(rest)"
        }
    }
}
