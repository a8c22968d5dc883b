import WatchCore

/// A file of header fields: `Name: value` lines, empty lines, and comments that begin with `#`.
enum HeaderLines {
    /// Fields that belong to the request itself.
    static let ofRequests = [
        "authorization", "connection", "content-length", "content-type", "cookie", "host", "transfer-encoding",
    ]

    /// The fields of the file; what is wrong is noted with its line. Values never appear in messages.
    static func read(
        _ bytes: [UInt8], file: String, reserved: [String], _ decoding: inout Decoding
    ) -> HTTPFields? {
        var fields = HTTPFields()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.trimmingSpaces
            if text.isEmpty || text.hasPrefix("#") { continue }
            guard let field = field(text) else {
                decoding.problem(
                    inFile: file, line: index + 1, "is no header field",
                    allowed: "`Name: value` in printable ASCII, or a comment that begins with #")
                continue
            }
            guard !reserved.contains(field.name.lowercased()) else {
                decoding.problem(
                    inFile: file, line: index + 1, "\(field.name) belongs to the request itself",
                    allowed: "any field but \(reserved.joined(separator: ", "))")
                continue
            }
            fields.fields.append(field)
        }
        return fields
    }

    /// Source: RFC 9110 §5.1, §5.5.
    private static func field(_ line: String) -> HTTPFields.Field? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let name = line[..<colon]
        let value = line[line.index(after: colon)...].trimmingSpaces
        let marks = "!#$%&'*+-.^_`|~".utf8
        let isToken = name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || marks.contains($0)
        }
        guard !name.isEmpty, isToken, value.utf8.allSatisfy({ (32...126).contains($0) || $0 == 9 }) else { return nil }
        return HTTPFields.Field(String(name), value)
    }
}
