import WatchCore

extension FlowRun {
    /// Turns a failed request into the finding that names it.
    func halt(_ failure: TransportFailure, of request: HTTPRequest, for id: CheckID) -> Halted {
        let origin = request.url.origin.description
        let place = "\(request.method) \(origin)\(request.url.path)"
        let what = failure.message.hasPrefix(origin) ? "\(request.method) \(request.url.requestTarget)" : place
        switch failure.kind {
        case .addressRefused, .originRefused:
            return halt(id, .inconclusive, failure.message, evidence: place, remedy: failure.message)
        case .noRoute, .resolverUnreachable:
            return halt(.monitorNetwork, failure.message, evidence: place, step: request.step)
        case .monitor:
            return halt(
                .monitorNetwork, failure.message, evidence: place,
                remedy: "Look at this machine and at the target's `caFile`, `proxy` and `resolve`: nothing was sent.",
                step: request.step)
        case .cancelled:
            return halt(.monitorStopped, "the run was stopped before \(place) was answered", step: request.step)
        case .tlsVerification, .tlsHandshake:
            return halt(.tlsVerify, failure.message, evidence: place, step: request.step)
        case .budgetExhausted:
            return halt(
                id, .failure, "the flow did not end within its time: \(failure.message)", evidence: place,
                remedy: "Look for the slow steps in the summary or the trace; `timeout` allows more time.",
                step: request.step)
        case .nameNotFound, .connectionRefused, .connectionReset, .timedOut, .truncated, .bodyTooLarge,
            .headersTooLarge, .malformed:
            return halt(
                id, .failure, "\(what): \(failure.message)", evidence: failure.partial.map(summary) ?? "",
                remedy: Self.remedy(failure.kind, request) ?? id.remedy, step: request.step,
                layer: failure.kind == .nameNotFound || failure.kind == .connectionRefused ? .edge : nil)
        }
    }

    /// Halts because of an unexpected status; 429 is inconclusive, and its Retry-After is kept.
    func halt(
        status response: HTTPResponse, of what: String, for id: CheckID, step: Step? = nil, remedy: String? = nil
    ) -> Halted {
        if response.status == 429 {
            let wait = response.fields["retry-after"].flatMap(Int.init)
            note { $0.facts.retryAfter = .seconds(max(wait ?? 60, 1)) }
            return halt(
                id, .inconclusive, "\(what) answered 429: the server asks for fewer requests",
                evidence: summary(response), step: step, layer: .edge)
        }
        return halt(
            id, .failure, "\(what) answered \(response.status)\(Self.errorText(response))",
            evidence: summary(response), remedy: remedy, step: step, layer: Self.layer(of: response))
    }

    /// The answer in one line: status, type, who served it, the title of a page or the body. The body is whole here;
    /// `Redactor` cuts it when the secrets are out.
    func summary(_ response: HTTPResponse) -> String {
        var parts = ["HTTP \(response.status)"]
        if !response.mediaType.isEmpty { parts.append(response.mediaType) }
        if let server = response.fields["server"] { parts.append("server: \(server)") }
        if let title = response.pageTitle(at: target.server) {
            parts.append("page: \(title)")
        } else if !response.body.isEmpty {
            parts.append("body: " + response.text)
        }
        return parts.joined(separator: "; ")
    }

    /// ` (invalid_grant: description)` when the body is an OAuth error.
    static func errorText(_ response: HTTPResponse) -> String {
        OAuthError(response).map { " (\($0.text))" } ?? ""
    }

    /// An HTML page where JSON belongs comes from something in front of the server.
    static func layer(of response: HTTPResponse) -> Layer? {
        [502, 503, 504, 520, 521, 522, 523, 524].contains(response.status) ? .edge : nil
    }

    private static func remedy(_ kind: TransportFailure.Kind, _ request: HTTPRequest) -> String? {
        switch kind {
        case .connectionRefused: "Ensure that the server runs and is reachable at \(request.url.origin)."
        case .nameNotFound: "Check the host name and its DNS records: \(request.url.host)."
        case .connectionReset, .truncated:
            "The connection ended before the answer did: look for crashes of the server and limits of a proxy."
        case .timedOut: "The server did not answer in time: look for what it waits for (database, locks, load)."
        case .bodyTooLarge, .headersTooLarge: "Find out what the server sends there: no client takes that much."
        case .malformed: "The answer is not valid HTTP: look at what stands between client and server."
        default: nil
        }
    }
}
