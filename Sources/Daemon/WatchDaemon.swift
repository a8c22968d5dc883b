import Alerts
import Config
import CurlHTTP
import Health
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
    private let reloader: Reloader
    private let port: PagePort
    private let parts: TargetParts
    private let manager: ServiceManager
    private let control: ControlPoint
    private let alarms: Alarms
    private let thread: TaskThread

    /// Opens everything that the configuration names.
    ///
    /// - Parameters:
    ///   - configurationFile: where to look again when the configuration is to be reloaded.
    ///   - configuration: what the file said.
    ///   - sockets: descriptors that listen, from socket activation; empty without it.
    ///   - store: the targets' states.
    ///   - manager: is told how things stand.
    ///   - thread: where all but requests and disk work is done.
    ///   - clock: tells the time; that of `thread` wakes no other one.
    ///   - log: hears of what happens.
    /// - Throws: `LocalServerError`, `StateStoreError`, `TraceFailure`, `TransportFailure`, `ThreadFailure`: what could
    ///   not be opened.
    init(
        configurationFile: String, configuration: Configuration, sockets: [Int32], store: StateStore,
        manager: ServiceManager, thread: TaskThread, clock: any WatchClock, log: Logger
    ) async throws {
        let board = Board(
            Board.View(targets: [], daemon: DaemonMetrics(version: Version.text, configuredAt: clock.wallTime)))
        let driver = try CurlDriver()
        let documents = try DocumentStore(directory: configuration.stateDirectory, clock: clock) {
            log.tell(.stateSetAside, .warning, $0)
        }
        let alarms = try await Alarms(
            configuration.alerts, targets: Set(configuration.targets.map(\.name)), driver: driver, documents: documents,
            board: board, clock: clock, log: log)
        let parts = TargetParts(
            driver: driver, store: store, traces: try TraceStore(settings: configuration.traces, clock: clock),
            clock: clock, board: board, log: log, observe: { alarms.center.observe($0) })
        var made: [TargetParts.Made] = []
        for target in configuration.targets { made.append(try await parts.make(target)) }
        board.show(made.map(\.shown), keeping: [])
        board.update { $0.showsStepHistograms = configuration.stepHistograms }
        await parts.openTraces()
        await parts.forgetStates(besides: Set(configuration.targets.map(\.name)))
        let schedule = Schedule(targets: made.map(\.plan), at: clock.now, wallTime: clock.wallTime)
        let runners = Dictionary(uniqueKeysWithValues: made.map { ($0.plan.name, $0.runner) })
        let watcher = Watcher(
            schedule: schedule, runners: runners, board: board, manager: manager, clock: clock, log: log,
            onRound: { alarms.center.beat() })
        control = ControlPoint(
            stateDirectory: configuration.stateDirectory, board: board, watcher: watcher, alerts: alarms.center,
            documents: documents,
            clock: clock, log: log)
        self.alarms = alarms
        let acceptance = BaselineAcceptance(store: store, clock: clock)
        await control.add("accept") { await acceptance.answer($0, board: board) }
        // The port last: whoever waits at a socket of the service manager is answered at once then, and all is there.
        board.update { $0.isReady = true }
        let port = try PagePort(configuration, sockets: sockets, pages: Pages(board: board, clock: clock), clock: clock)
        reloader = Reloader(
            file: configurationFile, current: configuration, parts: parts, watcher: watcher, port: port,
            manager: manager, alarms: alarms)
        self.watcher = watcher
        self.port = port
        self.parts = parts
        self.manager = manager
        self.thread = thread
    }

    /// Watches until a signal comes. Runs under way end at once then: what they wait for is given up.
    func run() async {
        let log = parts.log
        await control.open()
        await watcher.tellStatus()
        manager.tell([.ready])
        StartupPages.giveBack()
        log.tell(
            .started, .info, "watching", ["listen": port.place, "targets": "\(parts.board.view.targets.count)"])
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: thread) { await watcher.run() }
            group.addTask { await reloader.run() }
            group.addTask(executorPreference: thread) { await alarms.center.run() }
            await ProcessSignals.waitForStop()
            log.info("stopping")
            manager.tell([.stopping, .status("stopping: runs in progress end")])
            group.cancelAll()
            await manager.extending(parts.clock, limit: .seconds(30)) { await group.waitForAll() }
        }
        await control.close()
        port.stop()
        parts.driver.stop()
        log.tell(.stopped, .info, "stopped")
    }
}

extension Board.Target {
    /// A target with what is remembered of it.
    init(_ settings: TargetSettings, restoring state: TargetState) {
        server = settings.server
        health = TargetHealth(name: settings.name, restoring: state.health)
        metrics = TargetMetrics(settings)
        metrics.restore(state, loginSuccess: health.loginSuccess)
        metrics.status = TargetStatus(health)
        (lastRun, lastSuccess) = (state.lastRun, state.lastSuccess)
    }
}
