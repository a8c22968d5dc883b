import Crypto
import OAuthFlow
import WatchCore

/// What the guards of one run share: the run, what the ordinary flow came to, the sacrificial sessions. Used by one
/// task only.
package final class GuardScene {
    let run: FlowRun
    let flow: OrdinaryFlow
    let settings: GuardSettings
    let sacrifice: Sacrifice
    /// Whether an acceptance is being confirmed: each request goes over a connection of its own.
    var isConfirming = false
    /// Whether forms may be sent, in the cookie session of a sacrificial login; otherwise a form is where a look ends.
    var walksThroughLogins = false
    /// Whether the server has asked for fewer requests: nothing more is sent then.
    private(set) var isLimited = false
    private(set) var hasSent = false
    /// How the accepted authorization request ends; nil: not looked at yet.
    var acceptedLook: WalkEnd?

    init(run: FlowRun, flow: OrdinaryFlow, logins: Int) {
        self.run = run
        self.flow = flow
        settings = run.target.guards
        sacrifice = Sacrifice(run: run, flow: flow, logins: logins)
    }

    var server: AuthorizationServer { flow.server.metadata }
    var target: TargetSettings { run.target }

    /// The ordinary access token.
    func token() throws(Unscored) -> Secret {
        guard let chain = flow.chain else { throw Unscored("there is no kept session") }
        return chain.accessToken
    }

    /// A text that no server has ever issued.
    func madeUp() -> String {
        let text = run.environment.randomText()
        run.note { $0.secrets.add(text) }
        return text
    }

    /// Sends a request of a guard.
    ///
    /// - Throws: when no answer comes, or one of 429: neither says anything about the guard.
    func send(_ request: HTTPRequest) async throws(Unscored) -> HTTPResponse {
        guard !isLimited else { throw Unscored("the server asks for fewer requests") }
        var request = request
        request.step = .guarding
        request.wantsFreshConnection = isConfirming
        hasSent = true
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await run.send(request)
        } catch {
            throw Unscored("no answer: \(error.message)")
        }
        guard response.status == 429 else { return response }
        isLimited = true
        let wait = response.fields["retry-after"].flatMap(Int.init) ?? 60
        run.note { $0.facts.retryAfter = .seconds(max(wait, 1)) }
        throw Unscored("429: the server asks for fewer requests")
    }

    /// A 4xx or 5xx in the terms of a guard; nil for anything else.
    func refusal(_ response: HTTPResponse) -> Attempt? {
        switch response.status {
        case 400...499: .refused(Refusal(status: response.status, code: OAuthError(response)?.code))
        case 500...599: .fault(run.summary(response))
        default: nil
        }
    }
}
