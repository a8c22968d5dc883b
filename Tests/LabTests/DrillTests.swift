import Testing
import WatchCore

@testable import Lab

@Suite struct DrillTests {
    private static func report(_ verdict: String, _ findings: String...) -> CheckerAnswer {
        CheckerAnswer(
            output: Array(#"{"verdict":"\#(verdict)","findings":[\#(findings.joined(separator: ","))]}"#.utf8),
            status: 0)
    }

    private static func finding(_ check: String, _ step: String, _ severity: String, _ layer: String) -> String {
        #"{"check":"\#(check)","step":"\#(step)","severity":"\#(severity)","layer":"\#(layer)"}"#
    }

    private static let loop = finding("authorization.loop", "authentication", "failure", "authorization-server")
    private static let elsewhere = finding("authorization.loop", "authorization", "failure", "authorization-server")
    private static let edge = finding("authorization.loop", "authentication", "failure", "edge")
    private static let warning = finding("mcp.tools", "mcp", "warning", "resource-server")
    private static let info = finding("clock.skew", "discovery", "info", "edge")
    private static let expectation = Expectation.failure(.authorizationLoop, at: .authentication)

    @Test func agrees_whenVerdictCheckAndStepAreRight_whateverInfoStandsBesides() {
        #expect(Self.report("failed", Self.loop).meets(Self.expectation))
        #expect(Self.report("failed", Self.loop, Self.loop, Self.info).meets(Self.expectation))
        #expect(Self.report("healthy", Self.info).meets(.healthy))
        #expect(Self.report("healthy", Self.info).meets(.info(.clockSkew)))
    }

    @Test(arguments: [
        report("failed", elsewhere), report("failed"), report("failed", loop, warning), report("insecure", loop),
        report("healthy"), report("failed", loop, elsewhere), report("failed", edge), .nothing("no report"),
    ])
    func disagrees_whenAnythingElseIsSaid(answer: CheckerAnswer) {
        #expect(!answer.meets(Self.expectation))
    }

    @Test func disagrees_whenAnExpectedInfoIsMissing() {
        #expect(!Self.report("healthy").meets(.info(.clockSkew)))
        #expect(!Self.report("degraded", Self.warning).meets(.healthy))
    }

    @Test(arguments: [
        "", "no JSON", #"{"verdict":"fine","findings":[]}"#, #"{"verdict":"healthy"}"#,
        #"{"verdict":"failed","findings":[{"check":"no.such","step":"mcp","severity":"failure","layer":"edge"}]}"#,
        #"{"verdict":"failed","findings":[{"check":"mcp.status","step":"mcp","severity":"failure"}]}"#,
    ])
    func hasNoAnswer_whenTheReportIsOfNoUse(output: String) {
        guard case .nothing = CheckerAnswer(output: Array(output.utf8), status: 3) else {
            Issue.record("an answer was read from \(output)")
            return
        }
    }

    @Test func agrees_whereAnotherPartThanTheChecksOwnIsToBlame_onlyWhenThatIsExpected() {
        #expect(Self.report("failed", Self.edge).meets(Self.expectation.blaming(.edge)))
        #expect(!Self.report("failed", Self.loop).meets(Self.expectation.blaming(.edge)))
        #expect(
            Self.report("failed", Self.edge).text == "failed: authorization.loop at authentication, blaming edge")
    }

    @Test func namesVerdictCheckAndStep() {
        #expect(Expectation.healthy.text == "healthy")
        #expect(Self.expectation.text == "failed: authorization.loop at authentication")
        #expect(Self.report("healthy", Self.info).text == "healthy: clock.skew at discovery (info)")
    }

    @Test func saysWhatBroke_whenTheCheckerGivesNoReport() throws {
        let fault = try #require(Fault.named("no-tools"))
        #expect(DrillScene(fault: fault, checker: "/bin/echo").play() == .nothing("no report; exit 0"))
        let missing = DrillScene(fault: fault, checker: "/no/such/program").play()
        #expect(missing == .nothing("start /no/such/program: No such file or directory"))
    }

    @Test func movesTheLabsTimeOn_andLeavesTheCivilTime() {
        let clock = LabClock(SystemClock())
        let (now, wallTime) = (clock.now, clock.wallTime)
        clock.skip(.seconds(600))
        #expect(clock.now - now >= .seconds(600))
        #expect(clock.wallTime - wallTime < .seconds(600))
    }

    @Test func takesEachSceneOnce_andNoneWhenStopped() {
        let progress = DrillProgress(count: 3)
        #expect([progress.take(), progress.take()] == [0, 1])
        progress.stop()
        #expect(progress.take() == nil)
        progress.finish(1, .said(.healthy, []))
        #expect(progress.answer(1) == .said(.healthy, []) && progress.answer(0) == nil)
    }
}
