import HTMLForms
import WatchCore

/// A few harmless requests that a client of another kind would send: other user agents, a browser's preflight, a
/// proxy's header, another loopback port. They come after a login that went well, not more often than every six hours.
extension FlowRun {
    private static let pause: Duration = .seconds(6 * 3600)
    /// Where the MCP Inspector, a client in a browser, runs.
    private static let browserOrigin = "http://localhost:6274"
    private static let foreignHost = "oauthwatch-steering.invalid"
    /// User agents of clients, and none at all.
    private static let userAgents = [
        "", "curl/8.14.1", "python-httpx/0.28.1", "node", "Claude-User",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    ]

    /// Sends them all, when they are due.
    func probe(
        _ server: DiscoveredServer, _ challenge: Challenge, _ chain: TokenChain, as client: RegisteredClient
    ) async {
        let time = now
        let last = await environment.memory.state.probed
        guard last.map({ time - $0 >= Self.pause || $0 > time }) ?? true else { return }
        rememberSoon { $0.probed = time }
        await leave()
        await environment.observer?.stepBegins(.guarding, detail: "Asking in other ways...")
        if target.api == nil, let usual = try? await send(firstRequest) {
            await compareUserAgents(with: usual)
            await probePreflight("MCP", endpoint)
        }
        await probePreflight("token", server.metadata.tokenEndpoint)
        await probeSteering(challenge)
        await probeLoopbackPort(server, client, chain.scope)
        await probeKeys(chain.accessToken, of: server.metadata)
    }

    /// The first request of a client, as the flow sends it.
    private var firstRequest: HTTPRequest {
        var connection = MCPConnection(endpoint: endpoint, client: clientInfo)
        if let spoken, spoken.isStateless {
            connection.speak(spoken)
            return connection.request(.discover(id: connection.nextID()), step: .guarding)
        }
        let version = target.revision ?? .newestHandshake
        return connection.request(
            .initialize(clientInfo, offering: version, id: connection.nextID()), step: .guarding)
    }

    /// Sends the first request again under other names.
    ///
    /// - Parameter usual: what the flow's own user agent is answered.
    func compareUserAgents(with usual: HTTPResponse) async {
        var others: [String] = []
        for agent in Self.userAgents {
            var request = firstRequest
            request.fields["User-Agent"] = agent
            let name = agent.isEmpty ? "no user agent" : "`\(agent.prefix { $0 != "/" && $0 != " " })`"
            do throws(TransportFailure) {
                let status = try await send(request).status
                guard status != 429 else { return }
                // An error of the server is no judgement on who asks.
                if status != usual.status, status < 500 { others.append("\(name): \(status)") }
            } catch {
                guard error.kind == .connectionReset else { return }
                others.append("\(name): connection reset")
            }
        }
        check(
            .mcpUserAgent, others.isEmpty,
            "other user agents are answered otherwise than ours, which gets \(usual.status)",
            evidence: others.joined(separator: "; "))
    }

    /// What a browser asks before it sends a request to another origin.
    ///
    /// Source: Fetch standard §4.8, CORS-preflight fetch.
    private func probePreflight(_ name: String, _ url: WebURL) async {
        let request = HTTPRequest(
            .guarding, "OPTIONS", url,
            fields: [
                "Origin": Self.browserOrigin, "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,mcp-protocol-version",
            ])
        guard let response = try? await send(request), response.status != 429, response.status < 500 else { return }
        let origin = response.fields["access-control-allow-origin"] ?? "absent"
        let fields = response.fields["access-control-allow-headers"]?.lowercased() ?? "absent"
        let isAllowed =
            (200...299).contains(response.status) && (origin == "*" || origin == Self.browserOrigin)
            && (fields.holds("authorization") || fields.holds("*") || name == "token")
        check(
            .mcpCors, isAllowed, "clients in a browser cannot use the \(name) endpoint: the preflight fails",
            evidence: "HTTP \(response.status); Access-Control-Allow-Origin: \(origin); "
                + "Access-Control-Allow-Headers: \(fields)")
    }

    /// Asks for the documents as through a proxy that says another name. The query keeps the answers out of caches that
    /// others use.
    private func probeSteering(_ challenge: Challenge) async {
        var steered: [String] = []
        for url in documents {
            var request = HTTPRequest(
                .guarding, "GET", url.addingQuery([FormPair("oauthwatch", environment.randomText())]),
                fields: ["Accept": "application/json", "Cache-Control": "no-store"])
            request.fields["X-Forwarded-Host"] = Self.foreignHost
            guard let response = try? await send(request) else { continue }
            let place = response.fields["location"] ?? ""
            if response.text.holds(Self.foreignHost) || place.holds(Self.foreignHost) { steered.append(url.path) }
        }
        if challenge.bearer != nil, target.api == nil {
            var request = firstRequest
            request.fields["X-Forwarded-Host"] = Self.foreignHost
            let response = try? await send(request)
            let fields = response?.fields.all("www-authenticate").joined() ?? ""
            if fields.holds(Self.foreignHost) { steered.append("WWW-Authenticate") }
        }
        guard !documents.isEmpty || challenge.bearer != nil else { return }
        check(
            .discoveryHostSteering, steered.isEmpty,
            "metadata follow a foreign `X-Forwarded-Host`: whoever sets it decides where clients log in",
            evidence: steered.joined(separator: ", "))
    }

    /// Desktop clients take any free port; only right after a registration, for it is always answered alike.
    ///
    /// Source: RFC 8252 §7.3.
    private func probeLoopbackPort(_ server: DiscoveredServer, _ client: RegisteredClient, _ scope: String?) async {
        let usual = target.redirectURI
        guard usual.isLoopback, usual.scheme == "http", record.facts.registrations > 0 else { return }
        var other = usual
        other.port = usual.effectivePort == 53_682 ? 53_683 : 53_682
        let authorization = Authorization(
            server: server, client: client, scope: scope, state: environment.randomText(),
            pkce: PKCE(verifier: environment.randomText()))
        note { record in
            record.secrets.add(authorization.pkce.verifier)
            record.secrets.add(authorization.state)
        }
        let request = HTTPRequest(
            .guarding, "GET", authorization.url(redirectURI: other), fields: ["Accept": "text/html,*/*;q=0.8"])
        guard let response = try? await send(request), response.status != 429, response.status < 500 else { return }
        let next = response.fields["location"].flatMap { request.url.resolving($0) }
        if let code = next.flatMap({ Callback($0)["code"] }) { note { $0.secrets.add(code) } }
        let isRefused = response.status >= 400 || next.map { Callback($0)["error"] != nil } ?? false
        check(
            .registrationLoopbackPort, !isRefused, "another port of the loopback redirect URI is refused",
            evidence: "registered: \(usual); asked for: \(other); HTTP \(response.status)")
    }
}
