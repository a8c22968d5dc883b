import Alerts
import CommandIO
import Control
import Health
import Logging
import StateStore
import WatchCore

/// What the operator can tell the running daemon. A command is a line in `commands`.
actor ControlPoint {
    /// Answers a command; `request` holds what came with it.
    typealias Command = @Sendable (_ request: JSON) async -> JSON

    private static let document = "holds"

    private let stateDirectory: String
    private let board: Board
    private let watcher: Watcher
    private let alerts: AlertCenter
    private let documents: DocumentStore
    private let clock: any WatchClock
    private let log: Logger
    private var server: ControlServer?
    private var commands: [String: Command] = [:]

    /// The point of a daemon whose parts these are.
    init(
        stateDirectory: String, board: Board, watcher: Watcher, alerts: AlertCenter, documents: DocumentStore,
        clock: any WatchClock, log: Logger
    ) {
        self.stateDirectory = stateDirectory
        self.board = board
        self.watcher = watcher
        self.alerts = alerts
        self.documents = documents
        self.clock = clock
        self.log = log
    }

    /// Takes up the holds of an earlier process and listens. A daemon without its socket still watches; that is logged.
    func open() async {
        await restore()
        commands["status"] = { [board, clock] _ in
            ControlAnswer.done("", [JSON.Member("status", StatusDocument(view: board.view, now: clock.wallTime).json)])
        }
        commands["silence"] = { await self.hold(.silence, $0) }
        commands["pause"] = { await self.hold(.pause, $0) }
        commands["check-now"] = { await self.checkNow($0) }
        commands["alert-test"] = { _ in await self.testAlerts() }
        let path = ControlPlace.listening(
            stateDirectory: stateDirectory, runtimeDirectory: Environment.value("RUNTIME_DIRECTORY"))
        do throws(ControlError) {
            server = try ControlServer(path: path) { await self.answer($0) }
            if !ControlPlace.link(from: stateDirectory, to: path) {
                log.warning(
                    "no name for the control socket", metadata: ["in": "\(stateDirectory)", "socket": "\(path)"])
            }
        } catch {
            log.error("no commands are taken", metadata: ["reason": "\(error)"])
        }
    }

    /// Listens no more.
    func close() {
        server?.stop()
        server = nil
    }

    /// Takes a further command; a part that has one says so before `open`.
    func add(_ name: String, _ command: @escaping Command) { commands[name] = command }

    private func answer(_ request: JSON) async -> JSON {
        guard let name = request["command"]?.string, let command = commands[name] else {
            let known = commands.keys.sorted().joined(separator: ", ")
            return ControlAnswer.refused("this daemon knows the commands \(known)")
        }
        return await command(request)
    }

    private func restore() async {
        do throws(StateStoreError) {
            guard let json = try await documents.read(Self.document) else { return }
            let now = clock.wallTime
            let holds = Holds(restoring: json, at: now)
            board.update { $0.holds = holds }
            await watcher.applyPauses()
        } catch {
            log.error("silences and pauses are not known", metadata: ["reason": "\(error)"])
        }
    }

    /// Begins or ends silences or pauses; what cannot be kept over a restart is taken back.
    private func hold(_ kind: Holds.Kind, _ request: JSON) async -> JSON {
        let targets: [String]
        switch named(in: request) {
        case .success(let names): targets = names
        case .failure(let refusal): return refusal.answer
        }
        let now = clock.wallTime
        let seconds = request["end"]?.bool == true ? 0 : request["for"]?.integer ?? 0
        guard request["end"]?.bool == true || (1...366 * 86_400).contains(seconds) else {
            return ControlAnswer.refused("`for` takes whole seconds, from 1 to 366 days")
        }
        let hold = Hold(since: now, until: now + .seconds(seconds), reason: request["reason"]?.string?.asOneLine ?? "")
        // Two commands at once change the same value, so it is changed before it is written.
        let before = board.view.holds
        board.update { view in
            for target in targets {
                if seconds > 0 { view.holds.begin(kind, of: target, hold) } else { view.holds.end(kind, of: target) }
            }
        }
        do throws(StateStoreError) {
            try await documents.write(Self.document, board.view.holds.json)
        } catch {
            board.update { $0.holds = before }
            return ControlAnswer.refused("not done, it would not survive a restart: \(error)")
        }
        if kind == .pause { await watcher.applyPauses() }
        alerts.wake()
        let word = kind == .pause ? "paused" : "silenced"
        let text = seconds > 0 ? "\(word) \(hold.text)" : "no longer \(word)"
        log.notice("\(word)", metadata: ["targets": "\(targets.joined(separator: " "))", "answer": "\(text)"])
        return ControlAnswer.done("\(targets.joined(separator: ", ")): \(text)")
    }

    private func checkNow(_ request: JSON) async -> JSON {
        switch named(in: request) {
        case .success(let names):
            var lines: [String] = []
            for name in names {
                await watcher.hasten(name)
                lines.append("\(name): \(await prospect(of: name))")
            }
            return ControlAnswer.done(lines.joined(separator: "\n"))
        case .failure(let refusal): return refusal.answer
        }
    }

    /// What becomes of a run that is wanted now.
    private func prospect(of target: String) async -> String {
        if let pause = board.view.holds.hold(.pause, of: target, at: clock.wallTime) {
            return "is paused \(pause.text); a run begins then"
        }
        guard let next = await watcher.passwordRests(of: target) else {
            return "a run begins as soon as its server and its budgets allow"
        }
        return
            "a run begins, but its password, which was rejected before, rests until \(next.iso8601Seconds), so that the "
            + "account is not locked; another one is tried after a restart, and `oauthwatch trace` tries this one at once"
    }

    /// A line for each sink; refused when one of them failed.
    private func testAlerts() async -> JSON {
        let results = await alerts.test(target: board.view.targets.first?.health.name ?? "oauthwatch")
        guard !results.isEmpty else { return ControlAnswer.refused("no sinks are configured: see `alerts`") }
        let lines = results.map { sink, failure in "\(sink): \(failure ?? "took the test")" }
        let text = lines.joined(separator: "\n")
        return results.allSatisfy { $0.failure == nil } ? ControlAnswer.done(text) : ControlAnswer.refused(text)
    }

    private struct Refusal: Error { var answer: JSON }

    /// The target that a request names, or all of them.
    private func named(in request: JSON) -> Result<[String], Refusal> {
        let known = board.view.targets.map(\.health.name)
        if request["all"]?.bool == true { return .success(known) }
        guard let name = request["target"]?.string, known.contains(name) else {
            let answer = ControlAnswer.refused(
                "no target has that name; the targets are \(known.joined(separator: ", "))")
            return .failure(Refusal(answer: answer))
        }
        return .success([name])
    }
}
