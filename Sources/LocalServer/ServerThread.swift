import Glibc

/// The thread that a `ServerLoop` runs on.
enum ServerThread {
    /// Starts it.
    ///
    /// - Returns: the thread, to be joined; nil when the machine has no further one.
    ///
    /// Source: pthread_create(3).
    static func start(_ loop: ServerLoop) -> pthread_t? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // Enough for a route that renders a page; the default of 8 MiB would count against a memory limit.
        pthread_attr_setstacksize(&attributes, 512 * 1024)
        let context = Unmanaged.passRetained(loop)
        var thread = pthread_t()
        guard pthread_create(&thread, &attributes, runLoop, context.toOpaque()) == 0 else {
            context.release()
            return nil
        }
        return thread
    }
}

/// The thread's start routine: takes back the reference that `start` gave it.
private func runLoop(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<ServerLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
