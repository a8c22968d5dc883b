import Glibc

/// Threads with small stacks, and a way to wait until all have ended.
///
/// `@unchecked Sendable`: `count` is touched under `mutex` only.
final class ThreadGroup: @unchecked Sendable {
    private static let stackBytes = 512 << 10

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var count = 0

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` on a thread of its own.
    ///
    /// - Returns: false when `limit` threads run already or the system gives no other.
    func run(limit: Int = .max, _ body: @escaping @Sendable () -> Void) -> Bool {
        guard enter(limit: limit) else { return false }
        let work = Unmanaged.passRetained(ThreadWork(group: self, body: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        if pthread_create(&thread, &attributes, runThread, work.toOpaque()) == 0 { return true }
        work.release()
        leave()
        return false
    }

    /// Waits until no thread of the group runs.
    func waitUntilEmpty() {
        pthread_mutex_lock(mutex)
        while count > 0 { pthread_cond_wait(changed, mutex) }
        pthread_mutex_unlock(mutex)
    }

    private func enter(limit: Int) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard count < limit else { return false }
        count += 1
        return true
    }

    fileprivate func leave() {
        pthread_mutex_lock(mutex)
        count -= 1
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}

/// What one thread runs; the group lives at least as long.
private final class ThreadWork: Sendable {
    let group: ThreadGroup
    let body: @Sendable () -> Void

    init(group: ThreadGroup, body: @escaping @Sendable () -> Void) {
        self.group = group
        self.body = body
    }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let work = Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue()
    work.body()
    work.group.leave()
    return nil
}
