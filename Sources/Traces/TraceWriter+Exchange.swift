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
        write("url", redactor.url(request.url))
        out.write(name: "headers")
        write(redactor.fields(sent).fields.map { FormPair($0.name, $0.value) })
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
            write(response, redactor.body(of: response, to: exchange.request))
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

    private mutating func write(_ response: HTTPResponse, _ body: RedactedBody) {
        let fields = redactor.fields(response.fields).fields.map { FormPair($0.name.lowercased(), $0.value) }
        write("status_code", response.status)
        out.write(name: "headers")
        write(fields)
        out.write(name: "json")
        if let compact = body.compact { out.write(compact: compact) } else { out.writeNull() }
        write("text", body.text)
        if body.truncated > 0 { write("truncated", body.truncated) }
        write("body_bytes", response.body.count)
        write("http_version", response.version)
        write("remote_address", response.remoteAddress)
        write(response.phases)
        write(response.tls)
    }

    private mutating func write(_ body: RequestBody?) {
        out.write(name: "data")
        if case .form(let pairs)? = body { write(redactor.pairs(pairs)) } else { out.writeNull() }
        out.write(name: "json")
        if case .json(let value)? = body { redactor.write(value, to: &out) } else { out.writeNull() }
        if case .bytes(let bytes, _)? = body {
            let text = RedactedBody(text: redactor.redacted(bytes) ?? bytes, limit: RedactedBody.limit)
            write("text", text.text)
            if text.truncated > 0 { write("truncated", text.truncated) }
        }
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

    // MARK: Names and values

    /// As an object; a name that comes again has a list of its values.
    private mutating func write(_ pairs: [FormPair]) {
        // As a rule there are few names, and each comes once.
        let isPlain = pairs.count <= Self.few && !pairs.indices.contains { Self.repeatsName($0, of: pairs) }
        guard isPlain else { return out.write(JSON(pairs: pairs)) }
        out.beginObject()
        for pair in pairs {
            out.write(name: pair.name)
            out.write(pair.value)
        }
        out.endObject()
    }

    private static let few = 24

    private static func repeatsName(_ index: Int, of pairs: [FormPair]) -> Bool {
        pairs[..<index].contains { $0.name == pairs[index].name }
    }
}

extension Exchange {
    /// Whether anything left this machine: some requests are refused at the door.
    fileprivate var wasSent: Bool {
        guard let failure else { return true }
        return ![.addressRefused, .originRefused, .budgetExhausted].contains(failure.kind)
    }
}

extension JSON {
    /// Names and values as an object; a name that comes again has a list of its values.
    fileprivate init(pairs: [FormPair]) {
        var places: [String: Int] = [:]
        var values: [(name: String, values: [JSON])] = []
        places.reserveCapacity(pairs.count)
        values.reserveCapacity(pairs.count)
        for pair in pairs {
            if let place = places[pair.name] {
                values[place].values.append(.string(pair.value))
            } else {
                places[pair.name] = values.count
                values.append((pair.name, [.string(pair.value)]))
            }
        }
        self = .object(values.map { Member($0.name, $0.values.count == 1 ? $0.values[0] : .array($0.values)) })
    }
}
