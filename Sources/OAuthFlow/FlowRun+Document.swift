import JSONReader
import WatchCore

/// Fetches what is published for everybody.
extension FlowRun {
    private static let maximumRedirects = 5

    /// Fetches a metadata document.
    ///
    /// - Returns: nil when there is none (404 and its like); anything else that is no JSON halts.
    func document(at url: WebURL, for id: CheckID) async throws(Halted) -> JSON? {
        let (response, place) = try await published(at: url, for: id)
        let what = place == url ? "GET \(url.path)" : "GET \(url.path), redirected to \(place.origin)\(place.path),"
        switch response.status {
        case 200: break
        // A server that wants a token, or refuses the method, has no document there either.
        case 400, 401, 403, 404, 405, 406, 410: return nil
        default: throw halt(status: response, of: what, for: id)
        }
        let json: JSON
        do throws(JSONError) {
            json = try response.readJSON()
        } catch {
            let found = response.isPage ? "but\(Self.pageText(response))" : "but not with usable JSON: \(error)"
            throw halt(
                id, "\(what) answers 200, \(found)", evidence: summary(response), layer: Self.layer(of: response))
        }
        guard json.members != nil else {
            throw halt(id, "\(what) answers JSON, but no object", evidence: summary(response))
        }
        if !documents.contains(url) { documents.append(url) }
        return json
    }

    /// What clients say they speak while they do not know yet what the server does.
    private var announcedRevision: Revision { target.revision ?? spoken ?? .newestHandshake }

    /// ` (401)`: what a document's URL was last answered with.
    func lastStatus(of url: WebURL) -> String {
        let answer = record.exchanges.last { $0.request.url == url }?.response
        return answer.map { " (\($0.status))" } ?? ""
    }

    /// Fetches a document and follows its redirects, as the HTTP libraries of clients do; nothing secret is in the
    /// requests, and each address is judged anew.
    private func published(
        at url: WebURL, for id: CheckID
    ) async throws(Halted) -> (response: HTTPResponse, place: WebURL) {
        var place = url
        for _ in 0...Self.maximumRedirects {
            var request = HTTPRequest(.discovery, "GET", place, fields: ["Accept": "application/json"])
            // Source: MCP authorization 2025-03-26 §2.3.2; later clients go on sending it.
            if target.api == nil { request.fields["MCP-Protocol-Version"] = announcedRevision.rawValue }
            let response = try await answer(to: request, for: id)
            guard response.isRedirect else { return (response, place) }
            guard let next = response.fields["location"].flatMap({ place.resolving($0) }),
                next.scheme == "https" || next.scheme == place.scheme
            else {
                throw halt(
                    id, .failure, "GET \(place.path) answered \(response.status) without a usable Location",
                    evidence: response.fields["location"].map { "Location: \($0)" } ?? "no Location")
            }
            place = next.withoutFragment
        }
        throw halt(id, .failure, "GET \(url.path) redirects more than \(Self.maximumRedirects) times")
    }
}
