import WatchCore

/// A request that was read whole.
struct LabRequest: Sendable, Hashable {
    var method: String
    /// As in the request line: path and query.
    var target: String
    /// `1.0` or `1.1`.
    var version: String
    var fields: HTTPFields
    var body: [UInt8] = []

    /// Path without query.
    var path: String { String(target.prefix { $0 != "?" }) }

    /// Query pairs, decoded.
    var query: [FormPair] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return FormPair.decode(String(target[target.index(after: mark)...]))
    }

    /// The body as text; broken UTF-8 is replaced.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// Body pairs; empty when the body is no form.
    var form: [FormPair] {
        guard mediaType == "application/x-www-form-urlencoded" else { return [] }
        return FormPair.decode(String(decoding: body, as: UTF8.self))
    }

    /// `Content-Type` without parameters, in lower case; empty when absent.
    var mediaType: String {
        (fields["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased().trimmingSpaces
    }

    /// Value of a cookie.
    func cookie(_ name: String) -> String? {
        for pair in fields.all("Cookie").joined(separator: ";").split(separator: ";") {
            let parts = String(pair).trimmingSpaces.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name { return String(parts[1]) }
        }
        return nil
    }

    /// The token after `Bearer` in `Authorization`.
    ///
    /// Source: RFC 6750 §2.1.
    var bearerToken: String? { credential(of: "Bearer") }

    /// What follows `scheme` in `Authorization`.
    func credential(of scheme: String) -> String? {
        guard let parts = fields["Authorization"]?.split(separator: " ", maxSplits: 1), parts.count == 2,
            String(parts[0]).equalsIgnoringCase(scheme)
        else { return nil }
        return String(parts[1]).trimmingSpaces
    }

    /// Whether the connection may serve another request.
    ///
    /// Source: RFC 9112 §9.3.
    var keepsAlive: Bool {
        let options = (fields["Connection"] ?? "").lowercased()
        return version == "1.1" ? !options.contains("close") : options.contains("keep-alive")
    }
}

extension [FormPair] {
    /// The first value of `name`.
    subscript(name: String) -> String? { first { $0.name == name }?.value }

    /// Whether a name stands there more than once.
    var hasDuplicates: Bool { Set(map(\.name)).count != count }
}
