extension JSON {
    /// The value as JSON text.
    ///
    /// - Parameter indent: spaces a level; nil writes one line without spaces.
    /// - Returns: text in UTF-8, without a line end.
    package func text(indent: Int? = nil) -> String {
        String(decoding: bytes(indent: indent), as: UTF8.self)
    }

    /// The value as the bytes of JSON text; see `text(indent:)`.
    package func bytes(indent: Int? = nil) -> [UInt8] {
        var writer = JSONWriter(indent: indent)
        writer.write(self)
        return writer.bytes
    }
}
