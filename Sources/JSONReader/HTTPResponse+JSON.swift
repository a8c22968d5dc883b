package import WatchCore

extension HTTPResponse {
    /// Bytes of the largest body whose JSON is kept. It may take fifty times the memory of its text, and the answers of a
    /// run stay to its end: what is larger is parsed each time.
    static let longestKept = 16 << 10

    /// The body as JSON, whatever the content type says; nil when it is none, or none that is taken.
    package var json: JSON? {
        if body.count > Self.longestKept { return try? JSON(parsing: body) }
        return parsed.get { try? JSON(parsing: body) }
    }

    /// The body as JSON, whatever the content type says.
    ///
    /// - Returns: what `json` is.
    /// - Throws: `JSONError`, why `json` is nil.
    package func readJSON() throws(JSONError) -> JSON {
        if let json { return json }
        return try JSON(parsing: body)
    }
}
