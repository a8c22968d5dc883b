import CurlHTTP
import Glibc
import Health
import Lab
import Logging
import Metrics
import Scheduling
import StateStore
import Synchronization
import Testing
import Traces
import WatchCore

@testable import Daemon

/// A clock that stands still while something runs, and jumps to the next thing to do.
final class JumpingClock: WatchClock {
    private let elapsed = Mutex(Duration.zero)
    var now: Instant { Instant(nanoseconds: 1_000_000_000_000) + elapsed.withLock { $0 } }
    var wallTime: WallTime { WallTime(seconds: 1_800_000_000) + elapsed.withLock { $0 } }
    func jump(to deadline: Instant) {
        let ahead = deadline - now
        if ahead > .zero { elapsed.withLock { $0 += ahead } }
    }
    func sleep(until deadline: Instant) async throws { jump(to: deadline) }
}

/// The daemon's parts against the lab, both on one clock that jumps: what guards cost the server in days of watching.
///
/// A day in `Tests/run`; `OAUTHWATCH_DAYS=7` plays a week.
@Suite struct GuardWeekTests {
    /// What the lab counted in one day.
    private struct Day {
        var logins: Int
        var passwords: Int
        var rejections: Int
        var registrations: Int
        var rows: LabRows
    }

    private static var days: Int { getenv("OAUTHWATCH_DAYS").flatMap { Int(String(cString: $0)) } ?? 1 }

    @Test func keepsWithinItsBudgets_andLeavesTheOrdinarySessionAlone() async throws {
        let clock = JumpingClock()
        var configuration = LabConfiguration()
        configuration.port = 0
        let lab = try LabServer(configuration, clock: clock)
        let port = try lab.start()
        defer { lab.stop() }
        var directory = Array("/tmp/oauthwatch-week-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&directory))
        let place = String(decoding: directory.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { Self.remove(place) }
        let driver = try CurlDriver()
        defer { driver.stop() }
        let board = Board(
            Board.View(targets: [], daemon: DaemonMetrics(version: "test", configuredAt: clock.wallTime)))
        var traces = TraceSettings(directory: "\(place)/traces")
        traces.minFree = 0
        traces.maxFiles = 50
        mkdir(traces.directory, 0o700)
        let parts = TargetParts(
            driver: driver, store: try StateStore(directory: place, clock: clock) { _ in },
            traces: try TraceStore(settings: traces, clock: clock), clock: clock, board: board,
            log: Logger(label: "week") { _ in SwiftLogNoOpLogHandler() })
        var target = TargetSettings(
            name: "lab", server: try #require(WebURL("http://127.0.0.1:\(port)")), username: configuration.username,
            password: configuration.password, redirectURI: TargetSettings.defaultRedirectURI)
        target.guards.disabled = [:]
        let made = try await parts.make(target)
        board.show([made.shown], keeping: [])
        await parts.openTraces()
        let days = try await watch(made, lab, clock)
        try judge(days, await made.runner.memory.state, board)
    }

    private func watch(_ made: TargetParts.Made, _ lab: LabServer, _ clock: JumpingClock) async throws -> [Day] {
        var schedule = Schedule(targets: [made.plan], at: clock.now, wallTime: clock.wallTime)
        var days: [Day] = []
        var before = lab.stats
        let start = clock.now
        for day in 1...Self.days {
            while clock.now < start + .seconds(86_400) * day {
                for job in schedule.due(at: clock.now) {
                    let end = await made.runner.run(job.kind)
                    schedule.finished(job, end.ending, at: clock.now, notBefore: end.notBefore, issuer: end.issuer)
                }
                clock.jump(to: try #require(schedule.nextWake()))
            }
            let stats = lab.stats
            let seen = Day(
                logins: stats.logins - before.logins,
                passwords: stats.passwordSubmissions - before.passwordSubmissions,
                rejections: stats.rejections - before.rejections,
                registrations: stats.registrations - before.registrations, rows: lab.rows)
            print("day \(day): \(seen)")
            days.append(seen)
            before = stats
        }
        return days
    }

    private func judge(_ days: [Day], _ state: TargetState, _ board: Board) throws {
        // Logins every 15 minutes with jitter, and at most eight of the guards.
        let ordinary = 86_400 / 900 * 11 / 10
        for day in days {
            #expect(day.logins <= ordinary + 8)
            #expect(day.passwords <= ordinary + 8 + 3)
            // The wrong password, once a week an unknown user.
            #expect(day.rejections <= 2)
            #expect(day.registrations <= 4)
            // The ordinary client, the two of the guards, and the one before a weekly replacement.
            #expect(day.rows.clients <= 5)
            #expect(day.rows.liveRefreshTokens <= 4 && day.rows.liveAccessTokens <= 30)
        }
        #expect(state.chain?.startedAt ?? WallTime(seconds: 0) < WallTime(seconds: 1_800_000_000 + 1_000))
        #expect(state.sessions.deaths.isEmpty)
        let health = try #require(board.view.targets.first).health
        #expect(health.verdict == .healthy)
        #expect(health.findings.filter { $0.severity != .info } == [])
        for id in CheckID.guards where id.guardClass == .harmless {
            let result = state.guards.entries[id]?.result
            #expect(result != .accepted && result != .inconclusive, "\(id.rawValue)")
        }
        // The lab's form carries no redirect URI; what was refused once is tried by the flow where there is such a token.
        let elsewhere: Set<CheckID> = [.authorizePostTampered, .sessionOldAccessToken]
        for id in CheckID.guards where id.guardClass == .sacrificial && !elsewhere.contains(id) {
            #expect(state.guards.entries[id]?.scoredAt != nil, "\(id.rawValue)")
        }
        let expired = state.guards.entries[.mcpExpiredToken]
        #expect(expired?.wasRefused == true)
    }

    private static func remove(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(stream)
        }
        _ = Glibc.remove(path)
    }
}
