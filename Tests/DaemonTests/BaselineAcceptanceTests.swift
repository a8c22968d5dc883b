import StateStore
import Testing
import WatchCore

@testable import Daemon
@testable import Lab

@Suite struct BaselineAcceptanceTests {
    /// Does something with a state directory of its own, and with what accepts the baseline of the target `a` in it.
    private func withState(
        _ change: @escaping @Sendable (inout TargetState) -> Void,
        _ body: (StoredMemory, () async throws -> String) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory(prefix: "oauthwatch-accept")
        let store = try StateStore(directory: directory.path) { Issue.record("\($0.description)") }
        let memory = try await store.memory(for: "a")
        try await memory.update { state in
            state.baseline = ServerBaseline(portrait: [:], acceptedAt: WallTime(seconds: 0))
            change(&state)
        }
        let acceptance = BaselineAcceptance(store: store, clock: SystemClock())
        try await body(memory) { try await acceptance.accept("a") }
    }

    @Test func takesAServerThatAnswersForeignPages_forOneThatIsMeantSo() async throws {
        try await withState { state in
            state.guards.note(.mcpBadOrigin, .refused, at: WallTime(seconds: 1))
            state.guards.note(.mcpBadOrigin, .accepted, at: WallTime(seconds: 2))
        } _: { memory, accept in
            let said = try await accept()
            #expect(said.contains("mcp.bad-origin: -refused +answered"))
            let entry = await memory.state.guards.entries[.mcpBadOrigin]
            #expect(entry?.wasRefused == false && entry?.result == .accepted)
            let again = try await accept()
            #expect(again == "a: nothing has changed since it was accepted")
        }
    }

    @Test(arguments: [GuardState.Result.refused, .inconclusive])
    func leavesAGuardThatWasNotLetThrough_asItWas(_ result: GuardState.Result) async throws {
        try await withState { state in
            state.guards.note(.mcpBadOrigin, .refused, at: WallTime(seconds: 1))
            state.guards.note(.mcpBadOrigin, result, at: WallTime(seconds: 2))
        } _: { memory, accept in
            let said = try await accept()
            #expect(said == "a: nothing has changed since it was accepted")
            #expect(await memory.state.guards.entries[.mcpBadOrigin]?.wasRefused == true)
        }
    }

    @Test func saysSo_whenNoLoginHasGoneWell() async throws {
        try await withState {
            $0.baseline = nil
        } _: { _, accept in
            await #expect(throws: BaselineAcceptance.Refusal.self) { _ = try await accept() }
        }
    }
}
