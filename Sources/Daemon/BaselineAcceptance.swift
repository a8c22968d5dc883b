import CommandIO
import Control
import Glibc
import Health
import StateStore
import WatchCore

/// Takes what a target's server presents now as its baseline.
struct BaselineAcceptance: Sendable {
    let store: StateStore
    let clock: any WatchClock

    /// What is told of a difference from the baseline.
    private static let settled: [CheckID] = [.baselineChanged, .mcpBadOrigin]

    /// Nothing could be accepted; why.
    struct Refusal: Error {
        var message: String
    }

    /// Accepts what the last login run of a target has seen.
    ///
    /// - Parameters:
    ///   - target: its name.
    ///   - health: as it is to be kept with the baseline; nil leaves what is kept.
    /// - Returns: one line for people.
    /// - Throws: `Refusal`: nothing is known, nothing has changed, or it cannot be written.
    func accept(_ target: String, health: JSON? = nil) async throws(Refusal) -> String {
        let memory: StoredMemory
        do throws(StateStoreError) { memory = try await store.memory(for: target) } catch {
            throw Refusal(message: error.message)
        }
        guard var baseline = await memory.state.baseline else {
            throw Refusal(message: "no login run of \(Console.oneLine(target)) has gone well yet: nothing to accept")
        }
        var changes = baseline.accept(at: clock.wallTime)
        // Part of how the server was, too: whether it refused foreign web pages.
        if let entry = await memory.state.guards.entries[.mcpBadOrigin], entry.wasRefused, entry.result == .accepted {
            changes.append("mcp.bad-origin: -refused +answered")
        }
        guard !changes.isEmpty else { return "\(target): nothing has changed since it was accepted" }
        do throws(MemoryFailure) {
            try await memory.update { [baseline] state in
                state.baseline = baseline
                if state.guards.entries[.mcpBadOrigin]?.result == .accepted {
                    state.guards.entries[.mcpBadOrigin]?.wasRefused = false
                }
                if let health { state.health = health }
            }
        } catch {
            throw Refusal(message: error.message)
        }
        return "\(target): accepted\n" + changes.map { "  \(Console.oneLine($0))" }.joined(separator: "\n")
    }

    /// The daemon's command.
    func answer(_ request: JSON, board: Board) async -> JSON {
        let known = board.view.targets.map(\.health.name)
        let names = request["all"]?.bool == true ? known : [request["target"]?.string ?? ""]
        var lines: [String] = []
        for name in names {
            guard var health = board.view.targets.map(\.health).first(where: { $0.name == name }) else {
                return ControlAnswer.refused(
                    "no target has that name; the targets are \(known.joined(separator: ", "))")
            }
            do throws(Refusal) {
                for check in Self.settled { health.settle(check, at: clock.wallTime) }
                lines.append(try await accept(name, health: health.json))
                board.update(name) { target in
                    for check in Self.settled { target.health.settle(check, at: clock.wallTime) }
                }
            } catch {
                if names.count == 1 { return ControlAnswer.refused(error.message) }
                lines.append(error.message)
            }
        }
        return ControlAnswer.done(lines.joined(separator: "\n"))
    }
}

/// `oauthwatch accept`.
package struct AcceptCall: Sendable {
    private let target: String?
    private let stateDirectory: String?
    private let control: ControlCall
    private let configuration: String?

    /// - Parameters:
    ///   - target: its name, or the server's URL for one that `oauthwatch trace` looked at; nil: all of a daemon's.
    ///   - stateDirectory: of one-shot runs; nil asks the daemon.
    ///   - socket: the path of the daemon's control socket; nil looks for it.
    ///   - configuration: the daemon's configuration file.
    package init(target: String?, stateDirectory: String?, socket: String?, configuration: String?) {
        self.target = target
        self.stateDirectory = stateDirectory
        self.configuration = configuration
        control = ControlCall(socket: socket, configuration: configuration)
    }

    /// Asks the daemon, or changes the state itself where none runs.
    ///
    /// - Returns: the exit status: 0; 1 when there is nothing to accept, 69 when no daemon answers.
    package func run() async -> Int32 {
        do throws(UsageError) {
            if let stateDirectory { return try await accept(in: stateDirectory) }
            if let configuration, access(try ControlPlace.find(socket: nil, configuration: configuration), F_OK) != 0 {
                // No daemon has its socket there: the state is at rest, and its lock will tell.
                let socket = try ControlPlace.find(socket: nil, configuration: configuration)
                return try await accept(in: String(socket.dropLast(ControlPlace.name.utf8.count + 1)))
            }
        } catch {
            Console.error(error.message)
            return error.status
        }
        return control.tell("accept", target: target)
    }

    private func accept(in directory: String) async throws(UsageError) -> Int32 {
        guard let target else { throw UsageError(message: "name the target") }
        guard access(directory, F_OK) == 0 else {
            throw UsageError(message: "\(directory): \(String(cString: strerror(errno)))", status: EX_NOINPUT)
        }
        let store: StateStore
        do throws(StateStoreError) {
            store = try StateStore(directory: directory) { Console.error($0.description) }
        } catch {
            throw UsageError(message: error.message, status: EX_UNAVAILABLE)
        }
        let url = target.holds("://") ? WebURL(target) : nil
        let name = url.map(TraceOptions.name) ?? target
        do throws(BaselineAcceptance.Refusal) {
            Console.out("\(try await BaselineAcceptance(store: store, clock: SystemClock()).accept(name))\n")
            return EX_OK
        } catch {
            Console.error(error.message)
            return 1
        }
    }
}
