import Testing
import WatchCore

@Suite struct LoopTimersTests {
    /// Time stands; whoever sleeps is noted, and wakes at once.
    private struct StandingClock: WatchClock {
        var now = Instant(nanoseconds: 0)
        let wallTime = WallTime(seconds: 0)
        let sleepers = AsyncStream.makeStream(of: Instant.self)

        func sleep(until deadline: Instant) async throws { sleepers.continuation.yield(deadline) }
    }

    private static func moment(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test func setsNoTimerWhereOneRingsBefore() async {
        let clock = StandingClock()
        var timers = LoopTimers()
        let rings = AsyncStream.makeStream(of: Instant.self)
        for second: Int64 in [20, 30, 20, 10, 15] {
            timers.set(for: Self.moment(second), by: clock) { rings.continuation.yield($0) }
        }
        var seen: [Instant] = []
        for await moment in rings.stream.prefix(2) { seen.append(moment) }
        #expect(Set(seen) == [Self.moment(20), Self.moment(10)])
    }

    @Test func setsATimerAgainOnceTheEarlierOneHasRung() async {
        var clock = StandingClock()
        var timers = LoopTimers()
        let rings = AsyncStream.makeStream(of: Instant.self)
        var heard = rings.stream.makeAsyncIterator()
        timers.set(for: Self.moment(10), by: clock) { rings.continuation.yield($0) }
        #expect(await heard.next() == Self.moment(10))
        timers.rang(Self.moment(10))
        timers.set(for: Self.moment(30), by: clock) { rings.continuation.yield($0) }
        #expect(await heard.next() == Self.moment(30))
        // One whose moment is past has rung, whether the loop has heard of it or not.
        clock.now = Self.moment(40)
        timers.set(for: Self.moment(50), by: clock) { rings.continuation.yield($0) }
        #expect(await heard.next() == Self.moment(50))
    }

    /// Nobody wakes from it but who is cancelled.
    private struct EndlessClock: WatchClock {
        let now = Instant(nanoseconds: 0)
        let wallTime = WallTime(seconds: 0)
        let woken = AsyncStream.makeStream(of: Void.self)

        func sleep(until deadline: Instant) async throws {
            defer { woken.continuation.yield() }
            try await Task.sleep(for: .seconds(86_400))
        }
    }

    @Test(.timeLimit(.minutes(1))) func ringsNoMoreOnceItIsCancelled() async {
        let clock = EndlessClock()
        var timers = LoopTimers()
        let rings = AsyncStream.makeStream(of: Instant.self)
        timers.set(for: Self.moment(10), by: clock) { rings.continuation.yield($0) }
        timers.cancel()
        var woken = clock.woken.stream.makeAsyncIterator()
        await woken.next()
        timers.set(for: Self.moment(20), by: StandingClock()) { rings.continuation.yield($0) }
        var heard = rings.stream.makeAsyncIterator()
        #expect(await heard.next() == Self.moment(20))
    }
}
