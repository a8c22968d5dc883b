import WatchCore

/// The two entries of an exchange.
extension TraceWriter {
    /// The entry for the request: what was really sent, as far as the transport tells.
    mutating func writeRequest(_ exchange: Exchange) {
        let request = exchange.request
        let sent = exchange.response.map(\.sentFields).flatMap { $0.fields.isEmpty ? nil : $0 } ?? request.fields
        out.beginObject()
        write("timestamp", exchange.startedAt.iso8601)
        write("type", "request")
        write("step", request.step.rawValue)
        write("method", request.method)
        write(request.url)
        out.write(name: "headers")
        write(sent: sent)
        out.write(name: "params")
        if let query = request.url.query { write(redactor.query(query)) } else { out.writeNull() }
        write(request.body)
        if !exchange.wasSent { write("sent", false) }
        out.endObject()
    }

    /// The entry for the answer, or for the failure in its place.
    mutating func writeResponse(_ exchange: Exchange) {
        out.beginObject()
        write("timestamp", exchange.endedAt.iso8601)
        write("type", "response")
        write("step", exchange.request.step.rawValue)
        if let response = exchange.response {
            write(response, to: exchange.request)
        } else {
            for name: StaticString in ["status_code", "headers", "json", "text"] {
                out.write(name: name)
                out.writeNull()
            }
        }
        if let failure = exchange.failure {
            out.write(name: "error")
            out.beginObject()
            write("kind", failure.kind.rawValue)
            write("message", redacting: failure.message)
            out.endObject()
        }
        out.endObject()
    }

    private mutating func write(_ response: HTTPResponse, to request: HTTPRequest) {
        write("status_code", response.status)
        out.write(name: "headers")
        write(answered: response.fields)
        write(bodyOf: response, to: request)
        write("body_bytes", response.body.count)
        write("http_version", response.version)
        write("remote_address", response.remoteAddress)
        write(response.phases)
        write(response.tls)
    }

    private mutating func write(_ url: WebURL) {
        if let place = urls[url] { return out.write(again: place) }
        write("url", redactor.url(url))
        urls.note(url, at: out.elementStart..<out.end)
    }

    /// Seconds of each phase.
    private mutating func write(_ phases: HTTPPhases) {
        out.write(name: "phases")
        out.beginObject()
        write("name_lookup", phases.nameLookup)
        write("connect", phases.connect)
        write("tls", phases.tls)
        write("first_byte", phases.firstByte)
        write("transfer", phases.transfer)
        out.endObject()
    }

    private mutating func write(_ tls: TLSFacts?) {
        out.write(name: "tls")
        guard let tls else { return out.writeNull() }
        out.beginObject()
        write("version", tls.version)
        write("subject", redacting: tls.subject)
        write("issuer", redacting: tls.issuer)
        write("not_after", tls.notAfter?.iso8601)
        out.endObject()
    }
}

extension Exchange {
    /// Whether anything left this machine: some requests are refused at the door.
    fileprivate var wasSent: Bool {
        guard let failure else { return true }
        return ![.addressRefused, .originRefused, .budgetExhausted].contains(failure.kind)
    }
}
