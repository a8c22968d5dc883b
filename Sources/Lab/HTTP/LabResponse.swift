import WatchCore

/// What the lab answers, and in which way it goes over the wire.
struct LabResponse: Sendable, Hashable {
    /// How the body is sent.
    enum Framing: Sendable, Hashable {
        case contentLength
        case chunked
        /// Chunked, and never ended: comments follow until the client goes.
        case openEnded
    }

    var status: Int
    var fields: HTTPFields = [:]
    var body: [UInt8] = []
    var framing = Framing.contentLength

    /// An answer without a body.
    static func empty(_ status: Int, _ fields: HTTPFields = [:]) -> LabResponse {
        LabResponse(status: status, fields: fields)
    }

    /// A JSON body.
    static func json(_ json: JSON, status: Int = 200, _ fields: HTTPFields = [:]) -> LabResponse {
        var response = LabResponse(status: status, fields: fields, body: json.bytes())
        response.fields["Content-Type"] = "application/json"
        return response
    }

    /// A plain text body.
    static func text(_ text: String, status: Int = 200) -> LabResponse {
        LabResponse(status: status, fields: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// A redirect.
    static func redirect(to target: String, status: Int = 302) -> LabResponse {
        LabResponse(
            status: status,
            fields: ["Location": target, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"])
    }

    /// Whether a body may follow the head at all.
    ///
    /// Source: RFC 9110 §6.4.1.
    var mayHaveBody: Bool { status >= 200 && status != 204 && status != 304 }

    /// Status line and header fields, with the blank line.
    ///
    /// - Parameter keepsAlive: whether the connection stays open after it.
    func head(keepsAlive: Bool, date: WallTime) -> [UInt8] {
        var all = fields
        all["Date"] = date.httpDate
        switch framing {
        case .contentLength: if mayHaveBody { all["Content-Length"] = String(body.count) }
        case .chunked, .openEnded: all["Transfer-Encoding"] = "chunked"
        }
        all["Connection"] = keepsAlive ? "keep-alive" : "close"
        let lines = all.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) \(Self.reason(status))\r\n\(lines)\r\n".utf8)
    }

    /// The usual phrase for a status.
    ///
    /// Source: RFC 9110 §15.
    static func reason(_ status: Int) -> String {
        let known = [
            200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 302: "Found", 303: "See Other",
            307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
            405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict", 413: "Content Too Large",
            415: "Unsupported Media Type", 422: "Unprocessable Content", 429: "Too Many Requests",
            431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
            503: "Service Unavailable", 505: "HTTP Version Not Supported",
        ]
        return known[status] ?? "Status"
    }
}
