package import WatchCore

extension FlowRun {
    /// Whether it is this machine that cannot get through, by evidence that has nothing to do with the target. What a
    /// target or its name server has answered itself (refused, reset, no such name) never is.
    ///
    /// - Returns: what shows it; nil when nothing does.
    func ownFault(_ failure: TransportFailure) async -> String? {
        switch failure.kind {
        case .tlsVerification where now < Version.released:
            return "this machine's clock says \(now.iso8601Seconds), which is over"
        case .timedOut, .tlsVerification, .tlsHandshake:
            return await environment.referenceFailure().map { "the reference host fails, too: \($0)" }
        default: return nil
        }
    }

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
                layer: failure.kind == .nameNotFound ? .edge : nil)
        }
    }

    /// Halts because of an unexpected status; 429 is inconclusive, and its Retry-After is kept.
    func halt(
        status response: HTTPResponse, of what: String, for id: CheckID, step: Step? = nil, remedy: String? = nil
    ) -> Halted {
        if response.status == 429 {
            noteRetryAfter(of: response)
            return halt(
                id, .inconclusive, "\(what) answered 429: the server asks for fewer requests",
                evidence: summary(response), remedy: Self.limitRemedy(id), step: step,
                layer: OAuthError(response) == nil ? .edge : nil)
        }
        let text = Self.pageText(response) + Self.errorText(response)
        return halt(
            id, .failure, "\(what) answered \(response.status)\(text)", evidence: summary(response), remedy: remedy,
            step: step, layer: Self.layer(of: response, at: id.step))
    }

    private static func limitRemedy(_ id: CheckID) -> String {
        "Wait until the limit is over, or allow more for this machine's address."
            + (id == .registrationStatus
                ? " Runs that keep their state (the daemon, `--state-dir`) register once; guards and personas register more."
                : "")
    }

    /// Keeps how long a server asks to be left alone: seconds, or a moment; a minute when it does not say.
    ///
    /// Source: RFC 9110 §10.2.3.
    func noteRetryAfter(of response: HTTPResponse) {
        let text = response.fields["retry-after"]?.trimmingSpaces
        let moment = text.flatMap(WallTime.init(httpDate:))
        // Their moment is by their clock.
        let theirNow = response.fields["date"].flatMap(WallTime.init(httpDate:)) ?? now
        let seconds = text.flatMap(Int.init) ?? moment.map { Int(($0 - theirNow).seconds.rounded(.up)) } ?? 60
        note { $0.facts.retryAfter = .seconds(min(max(seconds, 1), 86_400)) }
    }

    /// The answer in one line: status, type, who served it, the title of a page or the body. The body is whole here;
    /// `Redactor` cuts it when the secrets are out.
    package func summary(_ response: HTTPResponse) -> String {
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

    /// ` with a page “Title” (server: name)` when the body is a page.
    static func pageText(_ response: HTTPResponse) -> String {
        response.isPage ? " with an HTML page\(pageName(response))" : ""
    }

    /// ` “Title” (server: name)` of a page, as far as it has them.
    static func pageName(_ response: HTTPResponse) -> String {
        guard response.isPage else { return "" }
        let title = response.plainPageTitle.map { " “\($0)”" } ?? ""
        let server = response.fields["server"].map { " (server: \($0))" } ?? ""
        return title + server
    }

    /// Whose part an unexpected answer is, where it shows: a gateway's own status, or the page of something that
    /// stands in front of the server. Where pages belong, and where a server fails itself, a page is its own.
    ///
    /// - Returns: nil when it is the one that was asked.
    static func layer(of response: HTTPResponse, at step: Step? = nil) -> Layer? {
        if [502, 504, 520, 521, 522, 523, 524, 525, 526, 530].contains(response.status) { return .edge }
        guard response.isPage else { return nil }
        if response.isOfAFirewall { return .edge }
        let belongs = step == .authorization || step == .authentication
        return belongs || response.status == 500 || response.isServedByAnApplication ? nil : .edge
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
