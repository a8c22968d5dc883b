import Glibc

/// Threads that may block.
enum ControlThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread; nil when the system gives no further one.
    static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 512 << 10)
        let context = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        if pthread_create(&thread, &attributes, runWork, context.toOpaque()) == 0 { return thread }
        context.release()
        return nil
    }

    /// The thread's body; takes back the work that it was handed, exactly once. Signals are for other threads.
    private static let runWork: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context else { return nil }
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
}
