import WatchCore

/// Decides what a request gets before any route sees it. A browser on the same machine may be led here by a foreign
/// page (DNS rebinding, cross-site requests), so names and origins are checked although the port is local.
struct RequestPolicy: Sendable {
    private let allowedHosts: Set<String>
    private let routes: [String: LocalRoute]
    private let actions: [String: LocalRoute]

    /// - Parameters:
    ///   - allowedHosts: names that `Host` and `Origin` may carry.
    ///   - routes: what answers GET and HEAD, by path.
    ///   - actions: what answers POST, by path.
    init(allowedHosts: [String], routes: [String: LocalRoute], actions: [String: LocalRoute] = [:]) {
        self.allowedHosts = Set(allowedHosts.map(Self.hostName))
        self.routes = routes
        self.actions = actions
    }

    /// The answer to a request whose header is whole, with the server's own header fields.
    ///
    /// Source: RFC 9110 §15.5; Fetch Metadata Request Headers §2.
    func answer(_ request: LocalRequest) -> LocalResponse {
        withServerFields(refusal(of: request) ?? routed(request))
    }

    private func routed(_ request: LocalRequest) -> LocalResponse {
        let action = actions[request.path]
        guard let route = routes[request.path] ?? action else {
            return LocalResponse(status: 404, body: "Not found. Try \(routes.keys.sorted().joined(separator: ", ")).\n")
        }
        let methods = action == nil ? ["GET", "HEAD"] : ["POST"]
        guard methods.contains(request.method) else {
            return LocalResponse(
                status: 405, body: "Only \(methods.joined(separator: " and ")).\n",
                fields: ["Allow": methods.joined(separator: ", ")])
        }
        guard !hasBody(request) else {
            return LocalResponse(status: 413, body: "A request here has no body.\n")
        }
        return route(request)
    }

    private func refusal(of request: LocalRequest) -> LocalResponse? {
        let hosts = request.fields.all("Host")
        guard hosts.count == 1, hosts.allSatisfy({ allowedHosts.contains(Self.hostName($0)) }) else {
            return forbidden("This host name is not allowed; add it to `allowedHosts` when it is yours.")
        }
        guard request.fields.all("Origin").allSatisfy(isOwnOrigin) else {
            return forbidden("Requests from pages of other origins are not allowed.")
        }
        guard !request.fields.all("Sec-Fetch-Site").contains(where: { $0.equalsIgnoringCase("cross-site") }) else {
            return forbidden("Cross-site requests are not allowed.")
        }
        return nil
    }

    private func forbidden(_ reason: String) -> LocalResponse { LocalResponse(status: 403, body: "\(reason)\n") }

    private func hasBody(_ request: LocalRequest) -> Bool {
        !request.fields.all("Transfer-Encoding").isEmpty
            || request.fields.all("Content-Length").contains { $0.trimmingSpaces != "0" }
    }

    private func isOwnOrigin(_ origin: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: origin.lowercased().hasPrefix) else { return false }
        return allowedHosts.contains(Self.hostName(String(origin.dropFirst(scheme.count))))
    }

    /// The name in `name`, `name:port`, `[::1]` or `[::1]:port`, in lower case and without brackets.
    ///
    /// Source: RFC 3986 §3.2.
    private static func hostName(_ authority: String) -> String {
        let text = authority.lowercased()
        if IPAddress(text) != nil { return text }
        let colon = text.lastIndex(of: ":")
        let hasPort = colon.map { text[$0...].dropFirst().allSatisfy(\.isASCIIDigit) } ?? false
        let name = hasPort ? text[..<(colon ?? text.endIndex)] : text[...]
        return name.hasPrefix("[") && name.hasSuffix("]") ? String(name.dropFirst().dropLast()) : String(name)
    }

    private func withServerFields(_ response: LocalResponse) -> LocalResponse {
        var response = response
        for field in Self.serverFields.fields where response.fields[field.name] == nil {
            response.fields.fields.append(field)
        }
        return response
    }

    /// One request a connection: local connections cost next to nothing, and then one deadline bounds both.
    private static let serverFields: HTTPFields = [
        "Connection": "close", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy":
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ]
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
