import WatchCore

extension Exchange {
    /// The entry for the request: what was really sent, as far as the transport tells.
    func traceRequest(_ redactor: Redactor) -> JSON {
        let sent = response.map(\.sentFields).flatMap { $0.fields.isEmpty ? nil : $0 } ?? request.fields
        var members: [JSON.Member] = [
            JSON.Member("timestamp", .string(startedAt.iso8601)),
            JSON.Member("type", "request"),
            JSON.Member("step", .string(request.step.rawValue)),
            JSON.Member("method", .string(request.method)),
            JSON.Member("url", .string(redactor.url(request.url))),
            JSON.Member("headers", JSON(fields: redactor.fields(sent))),
            JSON.Member(
                "params", request.url.query.map { JSON(pairs: redactor.query($0)) } ?? .null),
        ]
        members += body(redactor)
        if !wasSent { members.append(JSON.Member("sent", false)) }
        return .object(members)
    }

    /// The entry for the answer, or for the failure in its place.
    func traceResponse(_ redactor: Redactor) -> JSON {
        var members: [JSON.Member] = [
            JSON.Member("timestamp", .string(endedAt.iso8601)),
            JSON.Member("type", "response"),
            JSON.Member("step", .string(request.step.rawValue)),
        ]
        if let response {
            members += Self.members(of: response, redactor.body(of: response, to: request), redactor)
        } else {
            members += ["status_code", "headers", "json", "text"].map { JSON.Member($0, .null) }
        }
        if case .failure(let failure) = result {
            let error: JSON = [
                "kind": .string(failure.kind.rawValue), "message": .string(redactor.text(failure.message)),
            ]
            members.append(JSON.Member("error", error))
        }
        return .object(members)
    }

    private static func members(of response: HTTPResponse, _ body: RedactedBody, _ redactor: Redactor) -> [JSON.Member]
    {
        let fields = redactor.fields(response.fields).fields.map { HTTPFields.Field($0.name.lowercased(), $0.value) }
        var members: [JSON.Member] = [
            JSON.Member("status_code", .integer(response.status)),
            JSON.Member("headers", JSON(fields: HTTPFields(fields))),
            JSON.Member("json", body.json ?? .null),
            JSON.Member("text", .string(body.text)),
        ]
        if body.truncated > 0 { members.append(JSON.Member("truncated", .integer(body.truncated))) }
        return members + [
            JSON.Member("body_bytes", .integer(response.body.count)),
            JSON.Member("http_version", .string(response.version)),
            JSON.Member("remote_address", JSON(response.remoteAddress)),
            JSON.Member("phases", JSON(phases: response.phases)),
            JSON.Member("tls", response.tls.map { JSON(tls: $0, redactor) } ?? .null),
        ]
    }

    private func body(_ redactor: Redactor) -> [JSON.Member] {
        var (data, json, text) = (JSON.null, JSON.null, [JSON.Member]())
        switch request.body {
        case .form(let pairs): data = JSON(pairs: redactor.pairs(pairs))
        case .json(let value): json = redactor.json(value)
        case .bytes(let bytes, _):
            let body = RedactedBody(
                text: String(decoding: redactor.redacted(bytes) ?? bytes, as: UTF8.self), limit: RedactedBody.limit)
            text = [JSON.Member("text", .string(body.text))]
            if body.truncated > 0 { text.append(JSON.Member("truncated", .integer(body.truncated))) }
        case nil: break
        }
        return [JSON.Member("data", data), JSON.Member("json", json)] + text
    }

    /// Whether anything left this machine: some requests are refused at the door.
    private var wasSent: Bool {
        guard case .failure(let failure) = result else { return true }
        return ![.addressRefused, .originRefused, .budgetExhausted].contains(failure.kind)
    }
}

extension JSON {
    /// Names and values as an object; a name that comes again has a list of its values.
    init(pairs: [FormPair]) {
        // As a rule there are few names, and each comes once.
        if pairs.count <= Self.few, !pairs.indices.contains(where: { Self.repeatsName($0, of: pairs) }) {
            self = .object(pairs.map { Member($0.name, .string($0.value)) })
            return
        }
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

    private static let few = 24

    private static func repeatsName(_ index: Int, of pairs: [FormPair]) -> Bool {
        pairs[..<index].contains { $0.name == pairs[index].name }
    }

    init(fields: HTTPFields) {
        self.init(pairs: fields.fields.map { FormPair($0.name, $0.value) })
    }

    /// Seconds of each phase.
    init(phases: HTTPPhases) {
        self = [
            "name_lookup": .number(phases.nameLookup.seconds), "connect": .number(phases.connect.seconds),
            "tls": .number(phases.tls.seconds), "first_byte": .number(phases.firstByte.seconds),
            "transfer": .number(phases.transfer.seconds),
        ]
    }

    init(tls: TLSFacts, _ redactor: Redactor) {
        self = [
            "version": .string(tls.version), "subject": .string(redactor.text(tls.subject)),
            "issuer": .string(redactor.text(tls.issuer)), "not_after": JSON(tls.notAfter?.iso8601),
        ]
    }
}
