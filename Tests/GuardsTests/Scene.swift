import OAuthFlow
import Synchronization
import Testing
import WatchCore

@testable import Guards

/// Time that moves only when someone waits, or a test moves it.
final class FakeClock: WatchClock {
    private let elapsed = Mutex(Duration.zero)
    var now: Instant { Instant(nanoseconds: 1_000_000_000_000) + elapsed.withLock { $0 } }
    var wallTime: WallTime { WallTime(seconds: 1_800_000_000) + elapsed.withLock { $0 } }
    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }
    func sleep(until deadline: Instant) async throws { advance(by: max(.zero, deadline - now)) }
}

/// One target, one memory, one server.
struct Scene {
    var server: WeakServer
    var clock = FakeClock()
    var memory: any TargetMemory
    var target: TargetSettings

    init(_ server: WeakServer = WeakServer()) throws {
        self.server = server
        var state = TargetState()
        // The flow's own odd requests are not due: every request of the step is a guard's.
        state.probed = clock.wallTime
        memory = TransientMemory(state)
        target = TargetSettings(
            name: "test", server: try #require(WebURL("\(WeakServer.base)/mcp")), username: "alice",
            password: Secret("correct horse"), redirectURI: try #require(WebURL("http://localhost:3000/callback")))
        target.keepsNothing = true
    }

    /// A run with guards after it.
    func run(_ kind: RunKind = .login, _ choice: GuardPlan.Choice = .all, logins: Int? = nil) async -> RunRecord {
        var plan = GuardPlan(choice, target.guards, await memory.state.guards)
        if let logins { plan?.logins = logins }
        let environment = FlowEnvironment(
            transport: server, clock: clock, memory: memory, permitsSecrets: { $0.description == WeakServer.base },
            allowAnnounced: { _ in })
        let chosen = plan
        return await OAuthFlow(target: target, environment: environment).run(kind) { run, flow in
            guard let chosen else { return }
            var guards = GuardRun(chosen, in: run, after: flow)
            await guards.perform()
        }
    }
}

extension RunRecord {
    /// `check severity` of each finding of the guards.
    var guardTexts: [String] {
        findings.filter { $0.step == .guarding }.map { "\($0.check.rawValue) \($0.severity.rawValue)" }
    }

    /// What a guard came to; nil when it was not tried.
    func result(_ id: CheckID) -> GuardState.Result? { guards.first { $0.id == id }?.result }
}
