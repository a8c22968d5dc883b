import Traces
import WatchCore

extension Exchange {
    /// Of one answer, so many lines are shown; the rest is in the trace.
    private static let shownLines = 60

    /// The request and what came of it, for a person.
    func lines(_ redactor: Redactor) -> [ReportLine] {
        [.marked(.request, "\(request.method) \(redactor.url(request.url))")] + outcome(redactor)
    }

    /// Whether nothing answered there at all.
    var isUnreachable: Bool {
        guard let failure else { return false }
        switch failure.kind {
        case .nameNotFound, .resolverUnreachable, .noRoute, .connectionRefused: return true
        default: return false
        }
    }

    private func outcome(_ redactor: Redactor) -> [ReportLine] {
        guard let failure else {
            guard let response else { return [] }
            return [.marked(mark(of: response), Self.status(response, redactor))] + body(of: response, redactor)
        }
        guard isUnreachable else { return [.marked(.bad, redactor.text(failure.message))] }
        return [
            .marked(.bad, "Could not connect to server at \(request.url.origin)"),
            .indented(3, "Reason: \(redactor.text(failure.message))"),
        ]
    }

    /// A refusal is what one hopes for when no token was sent, or a request is wrong on purpose; a missing document may
    /// have a substitute, and a server of an older revision does not know the question which one it speaks.
    private func mark(of response: HTTPResponse) -> Mark {
        switch (response.status, request.step) {
        case (..<400, _), (401, .challenge): .good
        case (429, .guarding): .warning
        case (400..<500, .guarding): .good
        case (404, .discovery), (_, .challenge), (_, .guarding): .warning
        case (400..<500, _) where asksForRevision && ![401, 403, 429].contains(response.status): .skipped
        default: .bad
        }
    }

    private var asksForRevision: Bool {
        guard case .json(let message)? = request.body else { return false }
        return message["method"] == "server/discover"
    }

    private static func status(_ response: HTTPResponse, _ redactor: Redactor) -> String {
        let reason = response.reason.isEmpty ? usualReasons[response.status] ?? "" : redactor.text(response.reason)
        return "\(response.status) \(reason)".trimmingSpaces
    }

    private func body(of response: HTTPResponse, _ redactor: Redactor) -> [ReportLine] {
        if let location = response.fields["location"] { return [.indented(4, "Location: \(redactor.text(location))")] }
        guard !response.body.isEmpty else { return [] }
        guard let json = redactor.body(of: response, to: request).json else {
            let type = response.mediaType.isEmpty ? "no content type" : response.mediaType
            return [.indented(4, "\(type), \(response.body.count) bytes")]
        }
        return .indented(4, lines: "JSON Response: \(json.text(indent: 2))", limit: Self.shownLines)
    }

    /// HTTP/2 has no reason phrases.
    ///
    /// Source: RFC 9110 §15.
    private static let usualReasons = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
        303: "See Other", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
        401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
        415: "Unsupported Media Type", 422: "Unprocessable Content", 429: "Too Many Requests",
        500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}
