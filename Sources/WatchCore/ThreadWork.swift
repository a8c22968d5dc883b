import Glibc

/// What a thread of its own does, from its start to its end.
protocol ThreadWork: AnyObject, Sendable {
    func run()
}

extension ThreadWork {
    /// Starts the thread, which keeps the work until that is done.
    ///
    /// - Throws: `ThreadFailure` when the system gives no further thread.
    func startThread() throws(ThreadFailure) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 512 << 10)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let context = Unmanaged.passRetained(StartedWork(work: self))
        let status = pthread_create(&thread, &attributes, runWork, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw ThreadFailure(message: "pthread_create: \(String(cString: strerror(status)))")
        }
    }
}

/// The system gave no further thread.
package struct ThreadFailure: Error, Sendable {
    /// One line: operation and error.
    package var message: String
}

private final class StartedWork: Sendable {
    let work: any ThreadWork

    init(work: any ThreadWork) { self.work = work }
}

/// The thread's body, at file scope so that it belongs to no actor. Takes the retained work back exactly once.
private func runWork(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<StartedWork>.fromOpaque(context).takeRetainedValue().work.run()
    return nil
}
