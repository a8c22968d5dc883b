import WatchCore

/// The bodies of requests and answers.
extension TraceWriter {
    /// The members that tell what was sent.
    mutating func write(_ body: RequestBody?) {
        out.write(name: "data")
        if case .form(let pairs)? = body { write(redactor.pairs(pairs)) } else { out.writeNull() }
        if case .json(let value)? = body {
            write(json: value)
        } else {
            out.write(name: "json")
            out.writeNull()
        }
        if case .bytes(let bytes, _)? = body {
            write(RedactedBody(text: redactor.redacted(bytes) ?? bytes, limit: RedactedBody.limit))
        }
    }

    private mutating func write(json value: JSON) {
        if let place = sentJSON[value] { return out.write(again: place) }
        out.write(name: "json")
        let start = out.elementStart
        redactor.write(value, to: &out)
        if value.isASCII { sentJSON.note(value, at: start..<out.end) }
    }

    /// The members that tell what was answered.
    mutating func write(bodyOf response: HTTPResponse, to request: HTTPRequest) {
        let source = AnswerBody(
            bytes: response.body, contentType: response.fields["content-type"],
            payload: redactor.payload(of: response, to: request))
        if let place = answeredBodies[source] { return out.write(again: place) }
        let body = redactor.body(of: response, to: request)
        out.write(name: "json")
        let start = out.elementStart
        if let compact = body.compact { out.write(compact: compact) } else { out.writeNull() }
        write(body)
        answeredBodies.note(source, at: start..<out.end)
    }

    /// A body as text.
    private mutating func write(_ body: RedactedBody) {
        out.write(name: "text")
        if let compact = body.compact {
            compact.withUnsafeBufferPointer { out.write(utf8: $0) }
        } else {
            out.write(body.text)
        }
        if body.truncated > 0 { write("truncated", body.truncated) }
    }
}
