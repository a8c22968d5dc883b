import JSONReader
package import WatchCore

/// The body of an answer as it may be kept and shown.
package struct RedactedBody: Sendable, Hashable {
    /// The body when it is JSON, as text on one line; nil otherwise, and when it was cut off.
    let compact: [UInt8]?
    /// The body when it is no JSON, or was cut off.
    private let words: String
    /// Bytes of redacted text that were cut off at the end; 0 when it is whole.
    package let truncated: Int

    /// The body as text: for JSON, what `json` says; for a result of a tool, its shape.
    package var text: String { compact.map { String(decoding: $0, as: UTF8.self) } ?? words }

    /// So many bytes of a body are kept: 64 KiB.
    package static let limit = 64 << 10

    /// The body when it is JSON; nil otherwise, and when it was cut off.
    package var json: JSON? { compact.flatMap { try? JSON(parsing: $0) } }

    /// A body that is no JSON.
    init(text: [UInt8], limit: Int) {
        let whole = String(decoding: text, as: UTF8.self)
        let end = Self.cut(whole, limit)
        words = end == whole.endIndex ? whole : String(whole[..<end])
        truncated = whole.utf8.count - words.utf8.count
        compact = nil
    }

    /// A body that is JSON, written on one line.
    init(compact: [UInt8], limit: Int) {
        // What is cut off can be read as JSON no more.
        if compact.count > limit { self.init(text: compact, limit: limit) } else { self.init(compact: compact) }
    }

    private init(compact: [UInt8]) { (self.compact, words, truncated) = (compact, "", 0) }

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
        let asked = payload(of: response, to: request)
        if response.mediaType == "text/event-stream" {
            return RedactedBody(text: Array(events(response.body, asked).utf8), limit: limit)
        }
        if Self.mayBeJSON(response.body), let parsed = response.json {
            return RedactedBody(compact: compact(content(parsed, asked)), limit: limit)
        }
        if asked != .ordinary, !response.body.isEmpty {
            return RedactedBody(text: Array("<text: \(response.body.count) bytes>".utf8), limit: limit)
        }
        return RedactedBody(text: redacted(response.body) ?? response.body, limit: limit)
    }

    /// What an answer may hold of which only the shape stays.
    func payload(of response: HTTPResponse, to request: HTTPRequest) -> HTTPRequest.Payload {
        mode == .full && (200...299).contains(response.status) ? request.payload : .ordinary
    }

    /// What of an answer may be kept, before its secrets are taken out.
    private func content(_ json: JSON, _ asked: HTTPRequest.Payload) -> JSON {
        switch asked {
        case .ordinary: json
        case .toolResult: toolAnswer(json)
        case .protectedData: json.shape()
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
        let bytes = Array(text.utf8)
        if Self.mayBeJSON(bytes), let json = try? JSON(parsing: bytes) {
            return String(decoding: compact(content(json, asked)), as: UTF8.self)
        }
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
        case .object(let members): .object(members.map { JSON.Member($0.name, toolMember($0)) })
        default: json.shape()
        }
    }

    private func toolMember(_ member: JSON.Member) -> JSON {
        switch (member.name, member.value) {
        case ("jsonrpc", _), ("id", _), ("method", _): member.value
        case ("error", .object(let members)):
            .object(members.map { JSON.Member($0.name, $0.name == "data" ? $0.value.shape() : $0.value) })
        case ("result", .object(let members)):
            .object(members.map { JSON.Member($0.name, $0.name == "isError" ? $0.value : $0.value.shape()) })
        default: member.value.shape()
        }
    }

    /// Numbers and words alone are read as text.
    private static func mayBeJSON(_ body: [UInt8]) -> Bool {
        body.first { !$0.isSpace && $0 < 128 }.map { "{[\"".utf8.contains($0) } ?? false
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
