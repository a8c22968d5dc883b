extension StringProtocol {
    /// Whether `text` stands in it, byte for byte.
    ///
    /// The standard library's own search pulls a whole regular expression engine into the daemon's memory.
    package func holds(_ text: String) -> Bool { String(self)[...].firstRange(ofBytes: text) != nil }

    /// This text with each `text` replaced.
    package func replacingEach(_ text: String, with other: String) -> String {
        var rest = String(self)[...]
        var out = ""
        while let range = rest.firstRange(ofBytes: text) {
            out += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return out + rest
    }
}

// Not through the protocol, where each step is a call.
extension Substring {
    /// Where `text` stands first, byte for byte; nil when it does not, or is empty.
    package func firstRange(ofBytes text: String) -> Range<Index>? {
        let needle = Array(text.utf8)
        guard let first = needle.first else { return nil }
        var rest = utf8[...]
        while let start = rest.firstIndex(of: first) {
            let candidate = rest[start...]
            if candidate.starts(with: needle) {
                return start..<candidate.index(start, offsetBy: needle.count)
            }
            rest = candidate.dropFirst()
        }
        return nil
    }
}
