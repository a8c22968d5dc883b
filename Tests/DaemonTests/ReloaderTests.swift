import Config
import CurlHTTP
import Glibc
import LocalServer
import Logging
import Metrics
import Scheduling
import StateStore
import Testing
import Traces
import WatchCore

@testable import Daemon

/// Reloads with real files, a real port and real state; nothing is run.
@Suite struct ReloaderTests {
    /// A daemon's parts over a directory of its own.
    private final class House: Sendable {
        let directory: String
        let board: Board
        let watcher: Watcher
        let port: PagePort
        let reloader: Reloader
        let parts: TargetParts

        var file: String { "\(directory)/oauthwatch.yaml" }

        init(_ targets: String, head: String = "listen: 127.0.0.1:0\n") async throws {
            var template = Array("/tmp/oauthwatch-reload-XXXXXX".utf8CString)
            try #require(mkdtemp(&template) != nil)
            directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            Self.write("first", to: "\(directory)/password")
            Self.write(Self.text(directory, targets, head), to: "\(directory)/oauthwatch.yaml")
            let configuration = try ConfigurationFile.load("\(directory)/oauthwatch.yaml").configuration
            let clock = SystemClock()
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            board = Board(
                Board.View(targets: [], daemon: DaemonMetrics(version: "0", configuredAt: WallTime(seconds: 1))))
            parts = TargetParts(
                driver: try .init(), store: try StateStore(directory: "\(directory)/state") { _ in },
                traces: try TraceStore(settings: configuration.traces, clock: clock), clock: clock, board: board,
                log: log)
            var made: [TargetParts.Made] = []
            for target in configuration.targets { made.append(try await parts.make(target)) }
            board.show(made.map(\.shown), keeping: [])
            let manager = ServiceManager(log: log)
            port = try PagePort(configuration, sockets: [], pages: Pages(board: board, clock: clock), clock: clock)
            watcher = Watcher(
                schedule: Schedule(targets: made.map(\.plan), at: clock.now, wallTime: clock.wallTime),
                runners: Dictionary(uniqueKeysWithValues: made.map { ($0.plan.name, $0.runner) }), board: board,
                manager: manager, clock: clock, log: log)
            reloader = Reloader(
                file: "\(directory)/oauthwatch.yaml", current: configuration, parts: parts, watcher: watcher,
                port: port, manager: manager)
        }

        deinit {
            port.stop()
            parts.driver.stop()
            Self.removeAll(directory)
        }

        private static func removeAll(_ path: String) {
            guard remove(path) != 0, let stream = opendir(path) else { return }
            defer { remove(path) }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { removeAll("\(path)/\(name)") }
            }
        }

        func reload(_ targets: String, head: String = "listen: 127.0.0.1:0\n") async {
            Self.write(Self.text(directory, targets, head), to: file)
            await reloader.reload()
        }

        var names: [String] { board.view.targets.map(\.metrics.target) }

        static func write(_ text: String, to path: String) {
            guard let stream = fopen(path, "w") else { return }
            fputs(text, stream)
            fclose(stream)
            chmod(path, 0o600)
        }

        private static func text(_ directory: String, _ targets: String, _ head: String) -> String {
            "\(head)stateDirectory: \(directory)/state\ntraces: {directory: \(directory)/traces}\ntargets:\n\(targets)"
        }
    }

    private static let a = "  - {name: a, server: 'http://127.0.0.1:1', username: u, passwordFile: password}\n"
    private static let b = "  - {name: b, server: 'http://127.0.0.1:2', username: u, passwordFile: password}\n"

    @Test func takesOverAGoodConfiguration_whole() async throws {
        let house = try await House(Self.a)
        let before = house.board.view.daemon.lastSuccessfulReload
        await house.reload(Self.b + Self.a)
        #expect(house.names == ["b", "a"])
        #expect(await house.watcher.targets == ["a", "b"])
        #expect(house.board.view.daemon.isLastReloadSuccessful)
        #expect(house.board.view.daemon.lastSuccessfulReload > before)
        await house.reload(Self.b)
        #expect(house.names == ["b"])
        #expect(await house.watcher.targets == ["b"])
    }

    @Test(arguments: [
        (a + "    intervall: 5s\n", ":5:", "a line of YAML that is none"), (b + b, "name in line", "two of one name"),
        ("  - {name: c, server: 'http://127.0.0.1:1', username: u, passwordFile: none}\n", "none", "no such file"),
    ])
    func keepsTheOldOne_whenTheNewOneIsBad(targets: String, complaint: String, why: Comment) async throws {
        let house = try await House(Self.a)
        let before = house.board.view.daemon.lastSuccessfulReload
        await house.reload(targets)
        #expect(house.names == ["a"], why)
        #expect(await house.watcher.targets == ["a"], why)
        let view = house.board.view
        #expect(!view.daemon.isLastReloadSuccessful && view.daemon.lastSuccessfulReload == before, why)
        let problem = try #require(view.problems[.configuration])
        #expect(problem.hasPrefix("configuration refused, the old one stays: \(house.file)"), why)
        #expect(problem.contains(complaint), why)
        await house.reload(Self.a)
        #expect(house.board.view.problems.isEmpty && house.board.view.daemon.isLastReloadSuccessful, why)
    }

    @Test func refusesAnotherStateDirectory_andAPortThatIsTaken() async throws {
        let house = try await House(Self.a)
        let other = try LocalServer(listen: ("127.0.0.1", 0), routes: [:])
        await house.reload(Self.b, head: "listen: 127.0.0.1:\(other.port)\n")
        #expect(house.names == ["a"])
        #expect(house.board.view.problems[.configuration]?.contains("another program listens there") == true)
        House.write(
            "stateDirectory: /tmp/other\ntraces: {directory: /tmp/t}\ntargets:\n\(Self.b)", to: house.file)
        await house.reloader.reload()
        #expect(house.names == ["a"])
        #expect(house.board.view.problems[.configuration]?.contains("changes with a restart only") == true)
    }

    @Test func picksUpAnotherPassword_andLeavesTheOtherRunners() async throws {
        let house = try await House(Self.a + Self.b)
        await house.reloader.reload()
        #expect(await house.watcher.settings(of: "a")?.password?.reveal() == "first")
        House.write("second\n", to: "\(house.directory)/password")
        await house.reloader.reload()
        #expect(await house.watcher.settings(of: "a")?.password?.reveal() == "second")
    }

    @Test func movesToAnotherPlace() async throws {
        let house = try await House(Self.a)
        let before = house.port.place
        await house.reload(Self.a, head: "listen: unix:\(house.directory)/http.sock\n")
        #expect(house.port.place == "unix:\(house.directory)/http.sock" && house.port.place != before)
        #expect(access("\(house.directory)/http.sock", F_OK) == 0)
        await house.reload(Self.a)
        #expect(access("\(house.directory)/http.sock", F_OK) != 0)
    }
}
