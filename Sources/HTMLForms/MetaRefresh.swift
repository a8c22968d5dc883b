import WatchCore

/// The `content` of `<meta http-equiv="refresh">`.
///
/// Source: HTML §4.2.5.3 (refresh state).
enum MetaRefresh {
    /// A page that waits longer means a reload or a time-out, not the way on.
    private static let longestWait = 5

    /// The address that the page goes to by itself within five seconds; nil when there is none.
    static func target(_ content: String) -> String? {
        var rest = Substring(content.trimmingSpaces)
        let digits = rest.prefix { "0123456789".contains($0) }
        guard !digits.isEmpty || rest.hasPrefix("."), Int(digits) ?? 0 <= longestWait, digits.utf8.count < 9 else {
            return nil
        }
        rest = rest.drop { "0123456789.".contains($0) }.drop { $0.isWhitespace }
        guard let mark = rest.first, ";,".contains(mark) else { return nil }
        rest = rest.dropFirst().drop { $0.isWhitespace }
        if rest.prefix(3).lowercased() == "url" {
            let after = rest.dropFirst(3).drop { $0.isWhitespace }
            if after.hasPrefix("=") { rest = after.dropFirst().drop { $0.isWhitespace } }
        }
        if let quote = rest.first, quote == "\"" || quote == "'" {
            rest = rest.dropFirst().prefix { $0 != quote }
        }
        return rest.isEmpty ? nil : String(rest)
    }
}
