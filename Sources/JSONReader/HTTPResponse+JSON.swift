package import WatchCore

extension HTTPResponse {
    /// The body as JSON, whatever the content type says; nil when it is none, or none that is taken.
    package var json: JSON? { parsed.get { try? JSON(parsing: body) } }

    /// The body as JSON, whatever the content type says.
    ///
    /// - Returns: what `json` is.
    /// - Throws: `JSONError`, why `json` is nil.
    package func readJSON() throws(JSONError) -> JSON {
        if let json { return json }
        return try JSON(parsing: body)
    }
}
