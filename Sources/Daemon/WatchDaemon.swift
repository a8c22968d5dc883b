import Config
import CurlHTTP
import Health
import LocalServer
import Logging
import Metrics
import Scheduling
import StateStore
import Systemd
import Traces
import WatchCore

/// The daemon's parts, put together.
struct WatchDaemon: Sendable {
    private let watcher: Watcher
    private let server: LocalServer
    private let driver: CurlDriver
    private let board: Board
    private let manager: ServiceManager
    private let log: Logger
    private let listen: String

    /// Opens everything that the configuration names.
    ///
    /// - Throws: `LocalServerError`, `StateStoreError`, `TraceFailure`, `TransportFailure`: what could not be opened.
    init(
        configuration: Configuration, store: StateStore, manager: ServiceManager, clock: any WatchClock, log: Logger
    ) async throws {
        let driver = try CurlDriver()
        let traces = try TraceStore(settings: configuration.traces, clock: clock)
        var runners: [String: TargetRunner] = [:]
        var shown: [Board.Target] = []
        var plans: [ScheduledTarget] = []
        let board = Board(
            Board.View(targets: [], daemon: DaemonMetrics(version: Version.text, configuredAt: clock.wallTime)))
        for target in configuration.targets {
            let memory = try await store.memory(for: target.name)
            let state = await memory.state
            shown.append(Board.Target(target, restoring: state))
            plans.append(ScheduledTarget(target, state))
            runners[target.name] = TargetRunner(
                target: target, runs: TargetRun(target: target, driver: driver, clock: clock, memory: memory),
                clock: clock, memory: memory, traces: traces, board: board, log: log)
        }
        board.update { $0.targets = shown }
        do throws(TraceFailure) {
            try await traces.open()
        } catch {
            board.update { $0.problems[.traces] = "traces are not written: \(error.description)" }
        }
        let pages = Pages(board: board, clock: clock)
        server = try LocalServer(
            listen: (configuration.listen.host, configuration.listen.port), allowedHosts: configuration.allowedHosts,
            clock: clock, routes: pages.routes)
        let schedule = Schedule(targets: plans, at: clock.now, wallTime: clock.wallTime)
        watcher = Watcher(schedule: schedule, runners: runners, board: board, manager: manager, clock: clock)
        listen = "\(configuration.listen.host):\(server.port)"
        self.driver = driver
        self.board = board
        self.manager = manager
        self.log = log
    }

    /// Watches until a signal comes. Runs under way end at once then: what they wait for is given up.
    func run() async {
        board.update { $0.isReady = true }
        manager.tell([.ready])
        log.info("watching", metadata: ["listen": "\(listen)", "targets": "\(board.view.targets.count)"])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await watcher.run() }
            await StopSignals.wait()
            log.info("stopping")
            manager.tell([.stopping])
            group.cancelAll()
        }
        server.stop()
        driver.stop()
        log.info("stopped")
    }
}

extension Board.Target {
    /// A target with what is remembered of it.
    init(_ settings: TargetSettings, restoring state: TargetState) {
        health = TargetHealth(name: settings.name, restoring: state.health)
        metrics = TargetMetrics(settings)
        metrics.restore(state, loginSuccess: health.loginSuccess)
        metrics.status = TargetStatus(health)
    }
}
