import Glibc
import Testing
import WatchCore

@Suite struct ThreadExecutorTests {
    private actor Worker {
        private let executor: ThreadExecutor
        private(set) var done: [Int] = []

        init() throws { executor = try ThreadExecutor() }

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        func work(_ number: Int) -> pthread_t {
            done.append(number)
            return pthread_self()
        }
    }

    @Test func runsEveryJobOfItsActor_onOneThread() async throws {
        let worker = try Worker()
        let threads = await withTaskGroup(of: pthread_t.self) { group in
            for number in 0..<200 { group.addTask { await worker.work(number) } }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(threads.count == 1)
        #expect(await worker.done.sorted() == Array(0..<200))
    }

    @Test func survivesItsActorBeingReleased_manyTimes() async throws {
        for number in 0..<200 {
            let worker = try Worker()
            _ = await worker.work(number)
        }
    }
}
