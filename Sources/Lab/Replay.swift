import Glibc
import JSONReader
import Synchronization
import WatchCore

/// The answers of a trace file, served again: each request gets what the request of its kind was answered, in their
/// order; the last one goes on. Redacted values stand for themselves; what must fit the new run is put in: the origin,
/// `state`, the id of a JSON-RPC request.
package final class Replay: Sendable {
    private struct Recorded: Sendable {
        /// nil: the connection broke.
        var response: LabResponse?
        var messageID: JSON?
    }

    private struct Shelf: Sendable {
        var answers: [String: [Recorded]] = [:]
        /// `state` of the authorization under way.
        var state = ""
    }

    private let shelf: Mutex<Shelf>
    private let origin: String

    /// Reads a trace file.
    ///
    /// - Parameter path: a file that `oauthwatch` wrote, not compressed.
    /// - Throws: `demo` when it is no trace; `system` when it cannot be read.
    package init(path: String) throws(LabError) {
        let bytes = try FileBytes.read(path)
        guard let json = try? JSON(parsing: bytes), let log = json["trace_log"]?.array,
            let server = json["metadata"]?["server_url"]?.string.flatMap({ WebURL($0) })
        else { throw .demo("\(path): this is no trace file; one that was compressed must be expanded first (gunzip)") }
        origin = server.origin.description
        var shelf = Shelf()
        for (request, response) in zip(log, log.dropFirst()) where request["type"]?.string == "request" {
            guard let url = request["url"]?.string.flatMap({ WebURL($0) }) else { continue }
            let key = Self.key(
                method: request["method"]?.string ?? "", path: url.path, message: request["json"],
                grant: request["data"]?["grant_type"]?.string, fields: Self.fields(request["headers"]))
            shelf.answers[key, default: []].append(
                Recorded(response: Self.response(response), messageID: request["json"]?["id"]))
        }
        self.shelf = Mutex(shelf)
    }

    /// What the recorded server answered to a request of this kind.
    ///
    /// - Parameter here: the origin under which the lab is asked now.
    /// - Returns: nil when the connection broke then.
    func answer(_ request: LabRequest, here: String) -> LabResponse? {
        let message = try? JSON(parsing: request.body)
        let key = Self.key(
            method: request.method, path: request.path, message: message, grant: request.form["grant_type"],
            fields: request.fields)
        let (recorded, state) = shelf.withLock { shelf -> (Recorded?, String) in
            if let state = request.query["state"] { shelf.state = state }
            guard var answers = shelf.answers[key], let first = answers.first else { return (nil, shelf.state) }
            if answers.count > 1 {
                answers.removeFirst()
                shelf.answers[key] = answers
            }
            return (first, shelf.state)
        }
        guard let recorded else { return .json(["error": "nothing like this was recorded"], status: 404) }
        guard var response = recorded.response else { return nil }
        adapt(&response, here: here, state: state)
        if let id = message?["id"], let old = recorded.messageID {
            let (old, new) = ("\"id\":\(old.text())", "\"id\":\(id.text())")
            response.body = Array(String(decoding: response.body, as: UTF8.self).replacing(old, with: new).utf8)
        }
        return response
    }

    private func adapt(_ response: inout LabResponse, here: String, state: String) {
        response.body = Array(String(decoding: response.body, as: UTF8.self).replacing(origin, with: here).utf8)
        for (index, field) in response.fields.fields.enumerated() {
            response.fields.fields[index].value = field.value.replacing(origin, with: here)
        }
        guard let location = response.fields["Location"], var url = WebURL(location) else { return }
        // What was redacted stands there decoded or encoded; the pairs know both.
        let encoded = FormPair.encode([FormPair("x", origin)]).dropFirst(2)
        let pairs = FormPair.decode((url.query ?? "").replacing(encoded, with: PercentEncoding.encodeForm(here)))
        guard pairs.contains(where: { $0.name == "state" }) else { return }
        url.query = FormPair.encode(pairs.map { $0.name == "state" ? FormPair("state", state) : $0 })
        response.fields["Location"] = url.description
    }

    /// What makes two requests the same kind.
    private static func key(
        method: String, path: String, message: JSON?, grant: String?, fields: HTTPFields
    ) -> String {
        let marks = [
            message?["method"]?.string, grant, fields["Authorization"].map { _ in "with a token" },
            fields["X-Forwarded-Host"].map { _ in "forwarded" },
        ]
        return ([method, path.isEmpty ? "/" : path] + marks.compactMap { $0 }).joined(separator: " ")
    }

    /// The fields of an entry of a trace; a name with several values has a list.
    private static func fields(_ json: JSON?) -> HTTPFields {
        HTTPFields(
            (json?.members ?? []).flatMap { member in
                (member.value.array ?? [member.value]).compactMap(\.string).map { HTTPFields.Field(member.name, $0) }
            })
    }

    private static func response(_ entry: JSON) -> LabResponse? {
        guard let status = entry["status_code"]?.integer, entry["error"] == nil else { return nil }
        let own = ["content-length", "transfer-encoding", "content-encoding", "connection", "date", "keep-alive"]
        var fields = fields(entry["headers"])
        fields.fields.removeAll { own.contains($0.name.lowercased()) }
        let isStream = fields["Content-Type"]?.hasPrefix("text/event-stream") ?? false
        let text = Array((entry["text"]?.string ?? "").utf8)
        let json = entry["json"] ?? .null
        let body = json == .null || isStream ? text : json.bytes()
        return LabResponse(status: status, fields: fields, body: body)
    }
}
