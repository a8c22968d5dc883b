import Testing
import WatchCore

@testable import Alerts

@Suite struct MaintenanceWindowTests {
    private func time(_ text: String) throws -> WallTime { try #require(WallTime(iso8601: text)) }

    @Test(
        arguments: [
            ("2026-11-29T01:59:59Z", false), ("2026-11-29T02:00:00Z", true), ("2026-11-29T03:59:59Z", true),
            ("2026-11-29T04:00:00Z", false), ("2026-11-28T02:30:00Z", false), ("2026-12-06T02:30:00Z", true),
        ])
    func opensEveryWeek_onItsDay(text: String, isOpen: Bool) throws {
        // 29 November 2026 is a Sunday.
        let window = MaintenanceWindow(start: .weekly(days: [0], minute: 120), length: .seconds(7_200))
        #expect(window.covers("a", at: try time(text)) == isOpen)
    }

    @Test func lastsOverMidnight() throws {
        let window = MaintenanceWindow(start: .weekly(days: [0], minute: 23 * 60), length: .seconds(7_200))
        #expect(window.covers("a", at: try time("2026-11-30T00:59:00Z")))
        #expect(!window.covers("a", at: try time("2026-11-30T01:00:00Z")))
    }

    @Test func opensOnce_forItsTargets() throws {
        let window = MaintenanceWindow(
            start: .at(try time("2026-12-01T02:00:00Z")), length: .seconds(3_600), targets: ["a"])
        #expect(window.covers("a", at: try time("2026-12-01T02:30:00Z")))
        #expect(!window.covers("b", at: try time("2026-12-01T02:30:00Z")))
        #expect(!window.covers("a", at: try time("2026-12-02T02:30:00Z")))
    }
}
