import Glibc
import Testing
import WatchCore

@testable import Metrics

@Suite struct ProcessMetricsTests {
    @Test func readsAStatLine_whoseNameHoldsParentheses() throws {
        let stat =
            "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 4 0 1000 8192000 300 18446744073709551615\n"
        let process = try #require(
            ProcessMetrics(
                stat: stat, bootTime: 5_000, ticks: 100, pageSize: 4_096, openDescriptors: 7, maxDescriptors: .infinity)
        )
        #expect(process.cpuSeconds == 2)
        #expect(process.startTime == 5_010)
        #expect(process.virtualBytes == 8_192_000)
        #expect(process.residentBytes == 300 * 4_096)
    }

    @Test(arguments: ["", "42 (a", "42 (a) S 1 2 3"])
    func refusesAnotherText(_ stat: String) {
        #expect(
            ProcessMetrics(
                stat: stat, bootTime: 0, ticks: 100, pageSize: 4_096, openDescriptors: 0, maxDescriptors: 0) == nil)
    }

    @Test func readsThisProcess() throws {
        let before = try #require(ProcessMetrics.current())
        #expect(before.residentBytes > 1_000_000)
        #expect(before.startTime <= SystemClock().wallTime.seconds + 1)
        #expect(before.startTime > SystemClock().wallTime.seconds - 86_400)
        #expect(before.openDescriptors >= 3)
        #expect(before.maxDescriptors > Double(before.openDescriptors))
    }

    @Test func showsTheDaemonsOwnSeries() {
        var daemon = DaemonMetrics(version: "0.1", configuredAt: WallTime(seconds: 100))
        daemon.isStateWritable = false
        daemon.traceWriteErrors = 2
        daemon.schedulerLag = .milliseconds(1_500)
        #expect(daemon.families.value("build_info", ["version": "0.1"]) == 1)
        #expect(daemon.families.value("state_writable") == 0)
        #expect(daemon.families.value("trace_write_errors_total") == 2)
        #expect(daemon.families.value("scheduler_lag_seconds") == 1.5)
        #expect(daemon.families.value("config_last_reload_success_timestamp_seconds") == 100)
    }
}
