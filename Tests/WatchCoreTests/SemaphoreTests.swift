import Testing
import WatchCore

@Suite struct SemaphoreTests {
    /// That a thread is woken is what `ThreadExecutorTests` and `ControlTests` rest on.
    @Test(.timeLimit(.minutes(1))) func letsAThreadTakeWhatWasCounted() {
        let semaphore = Semaphore()
        for _ in 0..<3 { semaphore.signal() }
        for _ in 0..<3 { semaphore.wait() }
    }
}
