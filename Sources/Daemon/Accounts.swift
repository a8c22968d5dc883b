import Synchronization
import WatchCore

/// Which targets log in with the same account, so that all of them together are kind to it.
final class Accounts: Sendable {
    private struct Entry {
        var target: TargetSettings
        var memory: any TargetMemory
    }

    /// By name. One that is no longer configured stays: what was tried was tried.
    private let entries = Mutex<[String: Entry]>([:])

    /// A target is watched, maybe with other settings than before.
    func add(_ target: TargetSettings, _ memory: any TargetMemory) {
        entries.withLock { $0[target.name] = Entry(target: target, memory: memory) }
    }

    /// The password histories of a user at the other targets of the same authorization server; where that is not known
    /// yet, of the same server.
    ///
    /// - Parameters:
    ///   - username: the user, be it the target's own or that of its kept sessions.
    ///   - target: the target that asks.
    ///   - memory: its memory, which knows the issuer.
    func histories(
        of username: String, besides target: TargetSettings, _ memory: any TargetMemory
    ) async -> [LoginHistory] {
        let others = entries.withLock { $0.values.filter { $0.target.name != target.name } }
        let issuer = await memory.state.issuer
        var histories: [LoginHistory] = []
        for other in others {
            let state = await other.memory.state
            let isSame =
                if let issuer, let theirs = state.issuer { issuer == theirs } else {
                    other.target.server.origin == target.server.origin
                }
            guard isSame else { continue }
            if other.target.username == username { histories.append(state.login) }
            if other.target.sessionAccount?.username == username { histories.append(state.sessions.login) }
            if other.target.guards.username == username { histories.append(state.guards.login) }
        }
        return histories
    }
}
