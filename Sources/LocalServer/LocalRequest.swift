package import WatchCore

/// What a route is told about a request; method, path and headers were checked before.
package struct LocalRequest: Sendable, Hashable {
    /// `GET` or `HEAD`; for an action `POST`.
    package var method: String
    /// Decoded, without the query: `/metrics`.
    package var path: String
    /// Decoded, in the order of the wire.
    package var query: [FormPair]
    package var fields: HTTPFields

    /// A request.
    ///
    /// - Parameters:
    ///   - method: `GET`, `HEAD` or `POST`.
    ///   - path: decoded, without the query.
    ///   - query: decoded name and value pairs.
    ///   - fields: the header fields.
    package init(method: String = "GET", path: String, query: [FormPair] = [], fields: HTTPFields = [:]) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
    }

    /// The first value of a query parameter; nil when it is not there.
    package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

/// What a route answers.
package struct LocalResponse: Sendable, Hashable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]
    /// Further header fields; they replace the server's own of the same name.
    package var fields: HTTPFields

    /// An answer of bytes.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - contentType: the media type with its parameters.
    ///   - body: the whole body; `HEAD` sends its length only.
    ///   - fields: further header fields.
    package init(status: Int = 200, contentType: String, body: [UInt8], fields: HTTPFields = [:]) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.fields = fields
    }

    /// An answer of text, in UTF-8.
    package init(
        status: Int = 200, contentType: String = "text/plain; charset=utf-8", body: String, fields: HTTPFields = [:]
    ) {
        self.init(status: status, contentType: contentType, body: Array(body.utf8), fields: fields)
    }
}

/// Answers a request from state that is there already. It runs on the server's only thread, so it never waits.
package typealias LocalRoute = @Sendable (LocalRequest) -> LocalResponse
