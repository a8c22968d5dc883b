import Synchronization

/// A thread of its own on which an actor does work that blocks: the cooperative pool has as few threads as the machine
/// has cores, and none of them may wait for a disk.
///
/// The actor keeps the executor and returns it from `unownedExecutor`. The thread ends when the executor is released.
///
/// Source: Swift evolution SE-0392, custom actor executors.
package final class ThreadExecutor: SerialExecutor {
    private let queue = JobQueue()

    /// Starts the thread.
    ///
    /// - Throws: `ThreadFailure` when the system gives no further thread.
    package init() throws(ThreadFailure) { try queue.startThread() }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), for: self)
    }

    deinit { queue.close() }
}

/// What the thread has to do, and the bell that wakes it.
private final class JobQueue: ThreadWork {
    private struct Waiting {
        /// The executor goes with each job: it must outlive the job that runs on it.
        var jobs: [(UnownedJob, ThreadExecutor)] = []
        var isClosed = false
    }

    private let waiting = Mutex(Waiting())
    /// Counts jobs, and one more for the end.
    private let bell = Semaphore()

    func add(_ job: UnownedJob, for executor: ThreadExecutor) {
        waiting.withLock { $0.jobs.append((job, executor)) }
        bell.signal()
    }

    func close() {
        waiting.withLock { $0.isClosed = true }
        bell.signal()
    }

    func run() {
        while let (job, executor) = next() {
            job.runSynchronously(on: executor.asUnownedSerialExecutor())
        }
    }

    /// Waits for the next job; nil when none will come any more.
    private func next() -> (UnownedJob, ThreadExecutor)? {
        while true {
            bell.wait()
            let (job, isClosed) = waiting.withLock { ($0.jobs.isEmpty ? nil : $0.jobs.removeFirst(), $0.isClosed) }
            if let job { return job }
            if isClosed { return nil }
        }
    }
}
