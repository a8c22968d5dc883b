import Glibc

/// Counts, and lets a thread wait until there is something to take. Not for tasks, which must not block.
///
/// Source: sem_overview(7).
package final class Semaphore: Sendable {
    /// A semaphore serialises access to itself.
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

    /// There is nothing to take yet.
    package init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    /// Adds one, and wakes a thread that waits.
    package func signal() { sem_post(semaphore) }

    /// Takes one; blocks the thread until there is one.
    package func wait() {
        // A signal may interrupt the wait; nothing was taken then.
        while sem_wait(semaphore) != 0 {}
    }
}
