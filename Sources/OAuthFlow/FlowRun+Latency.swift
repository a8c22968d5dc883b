import WatchCore

/// Check `latency.budget`: what the strictest known clients wait for.
extension FlowRun {
    private static let initializeBudget: Duration = .seconds(10)
    private static let tokenBudget: Duration = .seconds(5)
    private static let loginBudget: Duration = .seconds(30)

    /// Compares the times of a login that went through; of time-outs others speak.
    func judgeLatency() {
        let answered = record.exchanges.filter { $0.failure == nil }
        func longest(_ belongs: (Exchange) -> Bool) -> Duration {
            answered.reduce(.zero) { belongs($1) ? max($0, $1.time) : $0 }
        }
        let initialize = longest { $0.request.opensConversation }
        let token = longest { $0.request.isTokenRequest }
        let login = answered.reduce(Duration.zero) { $1.request.step.belongsToLogin ? $0 + $1.time : $0 }
        judge("`initialize`", initialize, Self.initializeBudget, .mcp, .resourceServer)
        judge("the token request", token, Self.tokenBudget, .token, .authorizationServer)
        judge("the whole login", login, Self.loginBudget, .authentication, .authorizationServer)
    }

    private func judge(_ what: String, _ time: Duration, _ budget: Duration, _ step: Step, _ layer: Layer) {
        let tenths = Int((time.seconds * 10).rounded())
        check(
            .latencyBudget, time <= budget,
            "\(what) took \(tenths / 10).\(tenths % 10) s; the strictest client gives up after \(Int(budget.seconds)) s",
            step: step, layer: layer)
    }
}

extension Exchange {
    /// From sending to the last byte.
    fileprivate var time: Duration { endedAt - startedAt }
}

extension Step {
    /// Whether a person who logs in waits for it.
    fileprivate var belongsToLogin: Bool {
        switch self {
        case .discovery, .registration, .authorization, .authentication, .token: true
        default: false
        }
    }
}

extension HTTPRequest {
    /// Whether it is the first request of an MCP client, of whichever revision.
    var opensConversation: Bool {
        guard case .json(let message)? = body, let method = message["method"]?.string else { return false }
        return ["initialize", "server/discover"].contains(method) && step != .guarding
    }

    fileprivate var isTokenRequest: Bool {
        guard case .form(let pairs)? = body else { return false }
        return pairs.contains { $0.name == "grant_type" }
    }
}
