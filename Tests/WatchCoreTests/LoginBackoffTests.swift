import Testing
import WatchCore

@Suite struct LoginBackoffTests {
    private let start = WallTime(seconds: 1_800_000_000)

    @Test func allowsEverySubmission_untilTwoInARowAreRejected() {
        var history = LoginHistory()
        for minute in 0..<200 {
            history.submitted(at: start + .seconds(minute * 60))
            history.rejected(at: start + .seconds(minute * 60))
            #expect(history.nextSubmission(allowedPerDay: 6, now: start + .seconds(minute * 60)) == nil)
            history.submitted(at: start + .seconds(minute * 60 + 30))
            history.accepted()
        }
        #expect(history == LoginHistory())
    }

    @Test(arguments: [(2, 1_800), (3, 7_200), (4, 21_600), (5, 21_600), (40, 21_600)])
    func waitsLonger_theOftenerItWasRejected(rejections: Int, seconds: Int) {
        var history = LoginHistory()
        for _ in 0..<rejections { history.rejected(at: start) }
        let end = start + .seconds(seconds)
        #expect(history.nextSubmission(allowedPerDay: 6, now: start) == end)
        #expect(history.nextSubmission(allowedPerDay: 6, now: end + .nanoseconds(-1)) == end)
        #expect(history.nextSubmission(allowedPerDay: 6, now: end) == nil)
    }

    @Test func submitsAtMostSixTimesADay_howeverOftenItIsAsked() {
        var history = LoginHistory()
        var submissions: [WallTime] = []
        for minute in 0..<(5 * 1_440) {
            let now = start + .seconds(minute * 60)
            guard history.nextSubmission(allowedPerDay: 6, now: now) == nil else { continue }
            history.submitted(at: now)
            history.rejected(at: now)
            submissions.append(now)
        }
        #expect(submissions.prefix(6).map { ($0 - start).seconds / 60 } == [0, 1, 31, 151, 511, 871])
        for (first, seventh) in zip(submissions, submissions.dropFirst(6)) {
            #expect(seventh - first >= .seconds(86_400))
        }
        #expect(submissions.count >= 3 * 5)
    }

    @Test func forgetsTheRejections_whenThePasswordIsNew() {
        var history = LoginHistory()
        for _ in 0..<5 { history.rejected(at: start) }
        history.passwordChanged()
        #expect(history.nextSubmission(allowedPerDay: 6, now: start) == nil)
    }

    @Test(arguments: [0, -3])
    func treatsABudgetBelowOneAsOne(budget: Int) {
        var history = LoginHistory()
        history.submitted(at: start)
        history.rejected(at: start)
        history.rejected(at: start)
        #expect(history.nextSubmission(allowedPerDay: budget, now: start) == start + .seconds(86_400))
    }

    @Test func neverWaitsLongerThanTwice_whenTheClockIsSetBack() {
        var history = LoginHistory()
        history.rejected(at: start)
        history.rejected(at: start)
        let slightly = start + .seconds(-600)
        #expect(history.nextSubmission(allowedPerDay: 6, now: slightly) == start + .seconds(1_800))
        #expect(history.nextSubmission(allowedPerDay: 6, now: start + .seconds(-365 * 86_400)) == nil)
    }

    @Test func countsSubmissionsOfTheFuture_onceTheClockWasSetBack() {
        var history = LoginHistory()
        for _ in 0..<6 { history.submitted(at: start) }
        #expect(history.submissionsRemaining(allowedPerDay: 6, now: start + .seconds(-3_600)) == 0)
        let yearsBefore = start + .seconds(-1_000 * 86_400)
        #expect(history.submissionsRemaining(allowedPerDay: 6, now: yearsBefore) == 6)
        history.submitted(at: start + .seconds(-3_600))
        #expect(history.submissions == Array(repeating: start + .seconds(-3_600), count: 7))
    }

    @Test func keepsTheListOfSubmissionsShort() {
        var history = LoginHistory()
        for second in 0..<5_000 { history.submitted(at: start + .seconds(second)) }
        #expect(history.submissions.count == 64)
        #expect(history.submissions.last == start + .seconds(4_999))
    }
}
