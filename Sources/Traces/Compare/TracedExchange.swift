import WatchCore

/// One request of a trace and what came of it, without what always differs.
struct TracedExchange {
    let step: String
    /// `POST /token refresh_token`: what makes two requests of two runs the same one.
    let name: String
    /// Fields, form or JSON of the request.
    let request: JSON
    /// nil: no answer came.
    let status: Int?
    /// What came in place of an answer; empty when one came.
    let failure: String
    let fields: JSON
    let body: JSON

    /// The exchanges of a trace, in their order.
    static func all(of trace: JSON) -> [TracedExchange] {
        let text = VolatileText(serverURL: trace["metadata"]?["server_url"]?.string ?? "")
        let log = trace["trace_log"]?.array ?? []
        return zip(log, log.dropFirst()).compactMap { first, second in
            guard first["type"]?.string == "request", second["type"]?.string == "response" else { return nil }
            return TracedExchange(first, second, text)
        }
    }

    private init(_ request: JSON, _ response: JSON, _ text: VolatileText) {
        step = request["step"]?.string ?? ""
        let method = request["method"]?.string ?? ""
        let url = text.stable(request["url"]?.string ?? "").split(separator: "?", maxSplits: 1).first ?? ""
        let detail =
            request["json"]?["method"]?.string ?? request["data"]?["grant_type"]?.string
            ?? request["data"]?["token_type_hint"]?.string
        name = "\(method) \(url)\(detail.map { " \($0)" } ?? "")"
        self.request = [
            "fields": Self.fields(request["headers"], text), "query": text.stable(request["params"] ?? .null),
            "form": text.stable(request["data"] ?? .null), "json": text.stable(request["json"] ?? .null),
        ]
        status = response["status_code"]?.integer
        failure =
            response["error"].map { error in
                "\(error["kind"]?.string ?? "failed"): \(text.stable(error["message"]?.string ?? ""))"
            } ?? ""
        fields = Self.fields(response["headers"], text)
        body = Self.body(response, text)
    }

    /// Header fields without those that say nothing about the server's ways; of cookies the names and attributes.
    private static func fields(_ fields: JSON?, _ text: VolatileText) -> JSON {
        let members = (fields?.members ?? []).filter { !volatileFields.contains($0.name.lowercased()) }
        return .object(
            members.map { member in
                let name = member.name.lowercased()
                guard name == "set-cookie" || name == "cookie" else {
                    return JSON.Member(name, text.stable(member.value, named: name))
                }
                let values = member.value.array ?? [member.value]
                return JSON.Member(name, .array(values.compactMap(\.string).map { .string(cookie($0)) }))
            })
    }

    /// `session; Path; HttpOnly`.
    private static func cookie(_ text: String) -> String {
        text.split(separator: ";").map { part in
            String(part.split(separator: "=", maxSplits: 1).first ?? "").trimmingSpaces
        }.joined(separator: "; ")
    }

    private static func body(_ response: JSON, _ text: VolatileText) -> JSON {
        if let json = response["json"], json != .null { return text.stable(json) }
        guard let body = response["text"]?.string, !body.isEmpty else { return .null }
        // Line by line, so that a difference shows the line and not the page.
        return .array(
            text.stable(body).split(whereSeparator: \.isNewline).map { .string(String($0).trimmingSpaces) })
    }

    private static let volatileFields: Set<String> = [
        "date", "age", "etag", "expires", "last-modified", "content-length", "keep-alive", "connection",
        "mcp-session-id", "x-request-id", "x-correlation-id", "x-trace-id", "traceparent", "server-timing", "x-runtime",
        "x-response-time", "cf-ray", "report-to", "nel", "alt-svc", "x-amzn-trace-id", "x-amz-cf-id", "via",
        "x-process-time", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit-remaining", "ratelimit-reset",
        "host", "authorization", "user-agent", "retry-after", "x-served-by", "x-timer", "x-cache-hits",
    ]
}
