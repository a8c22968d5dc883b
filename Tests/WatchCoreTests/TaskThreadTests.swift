import Glibc
import Testing
import WatchCore

@Suite(.timeLimit(.minutes(1))) struct TaskThreadTests {
    private actor Worker {
        func work() -> pthread_t { pthread_self() }
    }

    @Test func runsTasks_andTheActorsThatTheyCall_onOneThread() async throws {
        let thread = try TaskThread()
        let worker = Worker()
        let threads = await withTaskGroup(of: [pthread_t].self) { group in
            for _ in 0..<100 {
                group.addTask(executorPreference: thread) {
                    let before = pthread_self()
                    return [before, await worker.work(), pthread_self()]
                }
            }
            return await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        #expect(threads.count == 1)
        #expect(!threads.contains(pthread_self()))
    }

    @Test func ringsTimersInTheOrderOfTheirMoments_onTheThread() async throws {
        let thread = try TaskThread()
        let clock = thread.clock
        let rings = AsyncStream.makeStream(of: (Int, pthread_t).self)
        let start = clock.now
        for number in [2, 0, 1] {
            _ = clock.timer(at: start + .milliseconds(20 * number)) {
                rings.continuation.yield((number, pthread_self()))
            }
        }
        var seen: [Int] = []
        var threads: Set<pthread_t> = []
        for await (number, thread) in rings.stream.prefix(3) {
            seen.append(number)
            threads.insert(thread)
        }
        #expect(seen == [0, 1, 2])
        #expect(clock.now >= start + .milliseconds(40))
        #expect(threads == [await Task(executorPreference: thread) { pthread_self() }.value])
    }

    @Test func ringsNoTimerThatWasCancelled() async throws {
        let thread = try TaskThread()
        let clock = thread.clock
        let rings = AsyncStream.makeStream(of: Int.self)
        // Far enough away for a machine that is busy.
        clock.timer(at: clock.now + .milliseconds(500)) { rings.continuation.yield(1) }.cancel()
        _ = clock.timer(at: clock.now + .milliseconds(501)) { rings.continuation.yield(2) }
        var heard = rings.stream.makeAsyncIterator()
        #expect(await heard.next() == 2)
    }

    @Test func takesWhatIsToBeDone_whileItWaitsForATimer() async throws {
        let thread = try TaskThread()
        let day = thread.clock.timer(at: thread.clock.now + .seconds(86_400)) {}
        for _ in 0..<100 { await Task(executorPreference: thread) {}.value }
        day.cancel()
    }

    @Test func survivesItsRelease_manyTimes() async throws {
        for _ in 0..<200 {
            let thread = try TaskThread()
            await Task(executorPreference: thread) { await Task.yield() }.value
        }
    }
}
