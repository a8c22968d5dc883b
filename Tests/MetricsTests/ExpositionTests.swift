import Glibc
import Testing
import WatchCore

@testable import Metrics

@Suite struct ExpositionTests {
    private static let families = [
        MetricFamily(
            "x_runs_total", .counter, help: "Runs,\nby \"kind\" \\.",
            samples: [
                MetricSample(3, [MetricLabel("kind", "a\"b\\c\nd")]), MetricSample(0.25, [MetricLabel("kind", "é")]),
            ]),
        MetricFamily("x_build_info", .info, help: "Build.", samples: [MetricSample(1, [MetricLabel("version", "1")])]),
        MetricFamily("x_skew_seconds", .gauge, help: "Skew.", value: -.infinity),
        MetricFamily("x_unknown", .gauge, help: "Unknown.", value: .nan),
        MetricFamily("x_nothing", .gauge, help: "Nothing.", samples: []),
    ]

    @Test func writesPrometheusText() {
        #expect(
            Exposition.prometheus.text(Self.families) == #"""
                # HELP x_runs_total Runs,\nby "kind" \\.
                # TYPE x_runs_total counter
                x_runs_total{kind="a\"b\\c\nd"} 3
                x_runs_total{kind="é"} 0.25
                # HELP x_build_info Build.
                # TYPE x_build_info gauge
                x_build_info{version="1"} 1
                # HELP x_skew_seconds Skew.
                # TYPE x_skew_seconds gauge
                x_skew_seconds -Inf
                # HELP x_unknown Unknown.
                # TYPE x_unknown gauge
                x_unknown NaN

                """#)
    }

    @Test func writesOpenMetrics() {
        #expect(
            Exposition.openMetrics.text(Self.families) == #"""
                # HELP x_runs Runs,\nby \"kind\" \\.
                # TYPE x_runs counter
                x_runs_total{kind="a\"b\\c\nd"} 3
                x_runs_total{kind="é"} 0.25
                # HELP x_build Build.
                # TYPE x_build info
                x_build_info{version="1"} 1
                # HELP x_skew_seconds Skew.
                # TYPE x_skew_seconds gauge
                x_skew_seconds -Inf
                # HELP x_unknown Unknown.
                # TYPE x_unknown gauge
                x_unknown NaN
                # EOF

                """#)
    }

    @Test func writesHistograms_cumulatively() {
        var histogram = Histogram()
        for milliseconds in [50, 51, 7_500, 60_000] { histogram.observe(.milliseconds(milliseconds)) }
        let family = MetricFamily(
            "x_seconds", .histogram, help: "X.", samples: [MetricSample(histogram, [MetricLabel("kind", "login")])])
        #expect(
            Exposition.prometheus.text([family]) == """
                # HELP x_seconds X.
                # TYPE x_seconds histogram
                x_seconds_bucket{kind="login",le="0.05"} 1
                x_seconds_bucket{kind="login",le="0.1"} 2
                x_seconds_bucket{kind="login",le="0.25"} 2
                x_seconds_bucket{kind="login",le="0.5"} 2
                x_seconds_bucket{kind="login",le="1.0"} 2
                x_seconds_bucket{kind="login",le="2.5"} 2
                x_seconds_bucket{kind="login",le="5.0"} 2
                x_seconds_bucket{kind="login",le="10.0"} 3
                x_seconds_bucket{kind="login",le="30.0"} 3
                x_seconds_bucket{kind="login",le="+Inf"} 4
                x_seconds_sum{kind="login"} 67.601
                x_seconds_count{kind="login"} 4

                """)
    }

    @Test(arguments: [
        (nil, Exposition.prometheus), ("", .prometheus), ("*/*", .prometheus), ("text/plain", .prometheus),
        ("application/openmetrics-text; version=1.0.0", .openMetrics),
        ("Application/OpenMetrics-Text;version=1.0.0; charset=utf-8", .openMetrics),
        ("application/openmetrics-text;version=0.0.1", .prometheus),
        ("application/openmetrics-text;version=1.0.0;q=0", .prometheus),
        ("application/openmetrics-text;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.5", .prometheus),
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
        ),
    ])
    func choosesTheFormatThatIsAskedFor(_ accept: String?, _ format: Exposition) {
        #expect(Exposition(accept: accept) == format)
    }

    private static let hasPromtool = system("command -v promtool >/dev/null") == 0

    @Test(.enabled(if: hasPromtool, "promtool (Debian package prometheus) is not installed"))
    func satisfiesPromtool() throws {
        var target = TargetMetrics(try Samples.settings())
        target.observe(Samples.run(.login, [Samples.failure()]))
        target.status = TargetStatus(verdict: .failed, active: [Samples.failure()], blamed: .token)
        let families =
            DaemonMetrics(version: "0.1", configuredAt: Samples.now).families
            + (try #require(ProcessMetrics.current())).families
            + TargetMetrics.families([target, TargetMetrics(try Samples.settings("second"))], at: Samples.now)
        let report = try promtool(Exposition.prometheus.text(families))
        #expect(report == "exit 0\n")
        // So that the test can fail: promtool does find what is wrong.
        let wrong = MetricFamily("x_bad", .counter, help: "Bad.", value: 1)
        #expect(try promtool(Exposition.prometheus.text([wrong])) != "exit 0\n")
    }

    private func promtool(_ text: String) throws -> String {
        var path = Array("/tmp/oauthwatch-metrics-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        let name = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        defer { unlink(name) }
        let bytes = Array(text.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        let pipe = try #require(popen("promtool check metrics <\(name) 2>&1; echo exit $?", "r"))
        defer { pclose(pipe) }
        var report = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&report, 1, report.count, pipe)
        return String(decoding: report[..<count], as: UTF8.self)
    }
}
