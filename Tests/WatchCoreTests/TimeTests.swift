import Testing
import WatchCore

@Suite struct TimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000+00:00"),
            (1_795_417_200_123_456_789, "2026-11-23T07:00:00.123456+00:00"),
            (-1, "1969-12-31T23:59:59.999999+00:00"),
            (1_709_164_800_000_000_000, "2024-02-29T00:00:00.000000+00:00"),
            (Int64.max, "2262-04-11T23:47:16.854775+00:00"),
            (Int64.min, "1677-09-21T00:12:43.145224+00:00"),
        ] as [(Int64, String)])
    func writesISO8601_andReadsItBack(nanoseconds: Int64, text: String) throws {
        let time = WallTime(nanoseconds: nanoseconds)
        #expect(time.iso8601 == text)
        let read = try #require(WallTime(iso8601: text))
        #expect(read.iso8601 == text)
    }

    @Test func writesTheShortForms() {
        let time = WallTime(nanoseconds: 1_795_417_441_999_999_999)
        #expect(time.iso8601Seconds == "2026-11-23T07:04:01Z")
        #expect(time.fileStamp == "20261123_070401")
        #expect(time.hourMinute == "07:04")
        #expect(WallTime(iso8601: time.iso8601Seconds) == WallTime(seconds: 1_795_417_441))
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Fri, 31 Dec 1999 23:59:60 GMT", 946_684_800),
    ])
    func readsHTTPDates(text: String, seconds: Double) {
        #expect(WallTime(httpDate: text) == WallTime(seconds: seconds))
    }

    @Test(arguments: [
        "", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT", "Sun, 6x Nov 1994 08:49:37 GMT",
    ])
    func refusesWhatIsNoHTTPDate(text: String) {
        #expect(WallTime(httpDate: text) == nil)
    }

    @Test(arguments: [
        "", "Z", "+00:00", "2026-11-23", "2026-11-23T07:00:00", "2026-11-23T07:00:00+01:00", "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-23T07:00:00.1Z", "2026-11-23T07:00:00.abcdefZ",
    ])
    func refusesWhatIsNoUTCTime(text: String) {
        #expect(WallTime(iso8601: text) == nil)
    }

    @Test func takesTheEndOfTheRange_forTimesBeyondIt() {
        let last = WallTime(nanoseconds: .max)
        #expect(WallTime(httpDate: "Fri, 31 Dec 9999 23:59:59 GMT") == last)
        #expect(WallTime(iso8601: "9999-12-31T23:59:59.999999+00:00") == last)
        #expect(WallTime(seconds: 253_402_300_799) == last)
        #expect(WallTime(seconds: .infinity) == last)
        #expect(WallTime(seconds: -.infinity) == WallTime(nanoseconds: .min))
        #expect(WallTime(seconds: 1_795_417_200) + .seconds(Int64.max) == last)
        #expect(WallTime(nanoseconds: .min) + .seconds(-1) == WallTime(nanoseconds: .min))
        #expect(last - WallTime(nanoseconds: .min) == .nanoseconds(Int64.max))
        #expect(Instant(nanoseconds: 5) + .seconds(Int64.max) == Instant(nanoseconds: .max))
    }

    @Test func measuresDurations() {
        #expect(Duration.milliseconds(1_500).nanoseconds == 1_500_000_000)
        #expect(Duration.milliseconds(-1_500).seconds == -1.5)
        #expect(Instant(nanoseconds: 3) - Instant(nanoseconds: 5) == .nanoseconds(-2))
    }

    @Test func readsClocksThatGoOn() {
        let clock = SystemClock()
        let (instant, wall) = (clock.now, clock.wallTime)
        #expect(clock.now >= instant)
        #expect(wall > WallTime(seconds: 1_600_000_000))
    }
}
