import JSONReader
package import WatchCore

/// The body of an answer as it may be kept and shown.
package struct RedactedBody: Sendable, Hashable {
    /// The body when it is JSON; nil otherwise, and when it was cut off.
    package var json: JSON?
    /// The body as text: for JSON, what `json` says; for a result of a tool, its shape.
    package var text: String
    /// Bytes of redacted text that were cut off at the end; 0 when it is whole.
    package var truncated: Int

    /// So many bytes of a body are kept: 64 KiB.
    package static let limit = 64 << 10

    init(json: JSON? = nil, text: String, limit: Int) {
        let end = Self.cut(text, limit)
        self.json = text.utf8.count > limit ? nil : json
        self.text = String(text[..<end])
        truncated = text.utf8.count - self.text.utf8.count
    }

    /// The last place at or before `limit` bytes where no character is cut.
    private static func cut(_ text: String, _ limit: Int) -> String.Index {
        guard text.utf8.count > limit else { return text.endIndex }
        var place = text.utf8.index(text.startIndex, offsetBy: limit)
        while place.samePosition(in: text.unicodeScalars) == nil { place = text.utf8.index(before: place) }
        return place
    }
}

extension Redactor {
    /// The body of an answer: redacted first and cut off then, so that no half of a secret remains.
    ///
    /// - Parameters:
    ///   - response: the answer.
    ///   - request: what was asked; of the answer to a tool's call, or of a protected API, only the shape stays.
    ///   - limit: bytes to keep.
    package func body(
        of response: HTTPResponse, to request: HTTPRequest, limit: Int = RedactedBody.limit
    ) -> RedactedBody {
        let asked = mode == .full && (200...299).contains(response.status) ? request.payload : .ordinary
        if response.mediaType == "text/event-stream" {
            return RedactedBody(text: events(response.body, asked), limit: limit)
        }
        if let parsed = Self.parsed(response.body) {
            let kept = content(parsed, asked)
            return RedactedBody(json: kept, text: kept.text(), limit: limit)
        }
        if asked != .ordinary, !response.body.isEmpty {
            return RedactedBody(text: "<text: \(response.body.count) bytes>", limit: limit)
        }
        let bytes = redacted(response.body) ?? response.body
        return RedactedBody(text: String(decoding: bytes, as: UTF8.self), limit: limit)
    }

    private func content(_ json: JSON, _ asked: HTTPRequest.Payload) -> JSON {
        switch asked {
        case .ordinary: self.json(json)
        case .toolResult: toolAnswer(json)
        case .protectedData: self.json(json.shape())
        }
    }

    /// An event stream, the JSON in its data redacted as such.
    ///
    /// Source: the WHATWG HTML standard, 9.2.6 Interpreting an event stream.
    private func events(_ body: [UInt8], _ asked: HTTPRequest.Payload) -> String {
        var out: [String] = []
        var data: [String] = []
        func flush() {
            guard !data.isEmpty else { return }
            out.append("data: " + eventData(data.joined(separator: "\n"), asked))
            data = []
        }
        for bytes in Self.lines(body) {
            let line = String(decoding: bytes, as: UTF8.self)
            if line.hasPrefix("data:") {
                data.append(String(line.dropFirst(line.hasPrefix("data: ") ? 6 : 5)))
                continue
            }
            flush()
            let isKept =
                asked == .ordinary || line.isEmpty || ["event:", "id:", "retry:"].contains { line.hasPrefix($0) }
            out.append(isKept ? text(line) : "<text: \(bytes.count) bytes>")
        }
        flush()
        return out.joined(separator: "\n")
    }

    private func eventData(_ text: String, _ asked: HTTPRequest.Payload) -> String {
        if let json = Self.parsed(Array(text.utf8)) { return content(json, asked).text() }
        return asked == .ordinary ? self.text(text) : "<text: \(text.utf8.count) bytes>"
    }

    /// Lines may end in LF, CR LF or CR.
    private static func lines(_ body: [UInt8]) -> [ArraySlice<UInt8>] {
        body.split(separator: 10, omittingEmptySubsequences: false).flatMap { line in
            (line.last == 13 ? line.dropLast() : line).split(separator: 13, omittingEmptySubsequences: false)
        }
    }

    /// JSON-RPC keeps what names the message and its error; results, parameters and data keep their shape.
    ///
    /// Source: JSON-RPC 2.0 §5.
    private func toolAnswer(_ json: JSON) -> JSON {
        switch json {
        case .array(let messages): .array(messages.map(toolAnswer))
        case .object(let members): .object(members.map { JSON.Member(text($0.name), toolMember($0)) })
        default: self.json(json.shape())
        }
    }

    private func toolMember(_ member: JSON.Member) -> JSON {
        switch (member.name, member.value) {
        case ("jsonrpc", _), ("id", _), ("method", _): json(member.value)
        case ("error", .object(let members)):
            .object(members.map { JSON.Member(text($0.name), json($0.name == "data" ? $0.value.shape() : $0.value)) })
        case ("result", .object(let members)):
            .object(
                members.map { JSON.Member(text($0.name), $0.name == "isError" ? $0.value : json($0.value.shape())) })
        default: json(member.value.shape())
        }
    }

    private static func parsed(_ body: [UInt8]) -> JSON? {
        guard let first = body.first(where: { !$0.isSpace && $0 < 128 }), "{[\"".utf8.contains(first) else {
            return nil
        }
        return try? JSON(parsing: body)
    }
}

extension HTTPRequest {
    /// What an answer to it may hold.
    enum Payload {
        case ordinary
        /// What a tool gave back.
        case toolResult
        /// What an API, watched in the place of an MCP server, says about its user.
        case protectedData
    }

    /// What a successful answer to it holds.
    var payload: Payload {
        if case .json(let json) = body {
            let messages = json.array ?? [json]
            return messages.contains { $0["method"]?.string == "tools/call" } ? .toolResult : .ordinary
        }
        let usesToken = fields["authorization"] != nil && method == "GET" && [.mcp, .refresh, .session].contains(step)
        return usesToken ? .protectedData : .ordinary
    }
}
