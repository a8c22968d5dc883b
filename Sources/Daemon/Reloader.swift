import Config
import Logging
import Metrics
import Scheduling
import StateStore
import Systemd
import WatchCore

/// Reads the configuration again while the daemon works: a good one is taken over whole, of a bad one nothing.
actor Reloader {
    private let file: String
    private var current: Configuration
    private let parts: TargetParts
    private let watcher: Watcher
    private let port: PagePort
    private let manager: ServiceManager
    private let alarms: Alarms?

    /// - Parameters:
    ///   - file: path of the configuration.
    ///   - current: the configuration in force.
    ///   - parts: makes targets.
    ///   - watcher: runs them.
    ///   - port: serves the pages.
    ///   - manager: is told of each reload.
    ///   - alarms: take other sinks; nil: there are none.
    init(
        file: String, current: Configuration, parts: TargetParts, watcher: Watcher, port: PagePort,
        manager: ServiceManager, alarms: Alarms? = nil
    ) {
        self.file = file
        self.current = current
        self.parts = parts
        self.watcher = watcher
        self.port = port
        self.manager = manager
        self.alarms = alarms
    }

    /// Serves wishes to reload, one after the other, until the task is cancelled.
    func run() async {
        for await _ in ProcessSignals.reloads { await reload() }
    }

    /// Reads the file and takes it over, or says why not. The service manager hears when it begins and when it is done.
    func reload() async {
        manager.tellReloading()
        do throws(ReloadRefusal) {
            let next = try await load()
            let changes = try await apply(next)
            note(changes)
        } catch {
            note(error)
        }
        await watcher.tellStatus()
        manager.tell([.ready])
    }

    private func load() async throws(ReloadRefusal) -> Configuration {
        let reader: ConfigurationReader
        do throws(ThreadFailure) { reader = try ConfigurationReader(file: file) } catch {
            throw ReloadRefusal(problems: [error.message])
        }
        do throws(ConfigurationError) {
            let (configuration, warnings) = try await reader.load()
            for warning in warnings { parts.log.tell(.configurationWarning, .warning, warning.description) }
            return configuration
        } catch {
            throw ReloadRefusal(problems: error.problems.filter { !$0.isWarning }.map(\.description))
        }
    }

    /// First all that can fail, then all that changes something.
    private func apply(_ next: Configuration) async throws(ReloadRefusal) -> TargetChanges {
        guard next.stateDirectory == current.stateDirectory else {
            throw ReloadRefusal(problems: [
                "\(file): stateDirectory: changes with a restart only; restart the daemon, or leave it at "
                    + current.stateDirectory
            ])
        }
        let changes = TargetChanges(from: current.targets, to: next.targets)
        let made = try await make(next.targets)
        let move = try port.prepare(next)
        port.commit(move)
        await parts.keepTraces(next.traces)
        let kept = Set(next.targets.map(\.name)).subtracting(changes.added + changes.changed)
        parts.board.show(made.map(\.shown), keeping: kept)
        parts.board.update { $0.showsStepHistograms = next.stepHistograms }
        await watcher.update(
            made.map(\.plan), made.filter { !kept.contains($0.plan.name) }.map(\.runner), hasten: changes.hastened)
        await alarms?.configure(next.alerts, targets: Set(next.targets.map(\.name)), board: parts.board)
        current = next
        return changes
    }

    private func make(_ targets: [TargetSettings]) async throws(ReloadRefusal) -> [TargetParts.Made] {
        var made: [TargetParts.Made] = []
        for target in targets {
            do { made.append(try await parts.make(target)) } catch {
                throw ReloadRefusal(problems: [error.message])
            }
        }
        return made
    }

    private func note(_ changes: TargetChanges) {
        let now = parts.clock.wallTime
        parts.board.update { view in
            view.daemon.isLastReloadSuccessful = true
            view.daemon.lastSuccessfulReload = now
            view.problems[.configuration] = nil
        }
        parts.log.tell(.reloaded, .notice, "configuration reloaded", ["targets": changes.summary])
    }

    private func note(_ refusal: ReloadRefusal) {
        parts.board.update { view in
            view.daemon.isLastReloadSuccessful = false
            view.problems[.configuration] = refusal.summary
        }
        for problem in refusal.problems {
            parts.log.tell(
                .configurationRefused, .error, "configuration refused, the old one stays: \(problem)",
                ["file": file])
        }
    }
}

/// Why a configuration was not taken over; nothing of it was.
struct ReloadRefusal: Error {
    /// A line each, free of secrets; at least one.
    var problems: [String]

    /// One line for status and pages.
    var summary: String {
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return "configuration refused, the old one stays: \(problems.first ?? "")\(more)"
    }
}
