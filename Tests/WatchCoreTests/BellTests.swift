import Testing
import WatchCore

@Suite(.timeLimit(.minutes(1))) struct BellTests {
    /// That a thread is woken is what `TaskThreadTests` rest on.
    @Test func letsThroughOnce_whatHasRungBefore() {
        let bell = Bell()
        bell.ring()
        bell.ring()
        bell.wait(atMost: .seconds(3_600))
        let clock = SystemClock()
        let start = clock.now
        bell.wait(atMost: .milliseconds(20))
        #expect(clock.now >= start + .milliseconds(19))
    }

    @Test func doesNotWaitForATimeThatIsPast() {
        Bell().wait(atMost: .seconds(-1))
    }
}
