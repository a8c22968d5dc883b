/// Runs tasks on the driver's thread, between what it does for the network. They must not block.
package final class DriverExecutor: TaskExecutor {
    private let inbox: Inbox

    init(_ inbox: Inbox) { self.inbox = inbox }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // When the driver has stopped, what is left of its tasks ends on the pool.
        if !inbox.add(.run(job)) { globalConcurrentExecutor.enqueue(job) }
    }
}
