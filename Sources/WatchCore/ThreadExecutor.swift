import Glibc
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
    package init() throws(ThreadFailure) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 512 << 10)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let context = Unmanaged.passRetained(queue)
        let status = pthread_create(&thread, &attributes, runJobs, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw ThreadFailure(message: "pthread_create: \(String(cString: strerror(status)))")
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), for: self)
    }

    deinit { queue.close() }
}

/// The system gave no further thread.
package struct ThreadFailure: Error, Sendable {
    /// One line: operation and error.
    package var message: String
}

/// What the thread has to do, and the bell that wakes it.
private final class JobQueue: Sendable {
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

/// The thread's body, at file scope so that it belongs to no actor. Takes the retained queue back exactly once.
private func runJobs(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
