import CCurl
import Glibc
import Synchronization
package import WatchCore

/// The one thread that talks to the network, through libcurl's multi interface. One for a process, made before anything
/// else uses OpenSSL.
package final class CurlDriver: Sendable {
    /// Runs tasks on the driver's own thread. A flow that runs there reaches the network and gets its answers without
    /// waking any other thread, which is most of what a small request costs besides the request itself.
    package let executor: DriverExecutor
    private let inbox: Inbox
    /// nil once the thread was waited for.
    private let thread: Mutex<pthread_t?>

    /// Starts the thread.
    ///
    /// - Throws: `TransportFailure` of kind `monitor` when libcurl cannot be set up or there are no more threads.
    package init() throws(TransportFailure) {
        let multi: MultiHandle
        do {
            try CurlLibrary.start()
            multi = try MultiHandle()
        } catch {
            throw TransportFailure(.monitor, "\(error)")
        }
        inbox = Inbox(wakes: multi)
        executor = DriverExecutor(inbox)
        thread = Mutex(try Self.startThread(DriverLoop(multi, inbox, executor)))
    }

    deinit { stop() }

    /// Ends every request under way with `cancelled`, closes all connections, and waits for the thread, which takes
    /// a moment at most. Later requests fail with `cancelled`. A second call does nothing.
    package func stop() {
        inbox.close()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        // A task on the thread itself cannot wait for it; the thread ends when that task has returned.
        if pthread_equal(running, pthread_self()) != 0 { pthread_detach(running) } else { pthread_join(running, nil) }
    }

    /// Hands `command` to the thread.
    ///
    /// - Returns: false when the driver was stopped.
    func submit(_ command: Command) -> Bool { inbox.add(command) }

    private static func startThread(_ loop: DriverLoop) throws(TransportFailure) -> pthread_t {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // As much as the threads of the pool have, since tasks may run here; untouched pages cost nothing.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        let context = Unmanaged.passRetained(loop)
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, runLoop, context.toOpaque())
        if status == 0 { return thread }
        context.release()
        throw TransportFailure(.monitor, "pthread_create: \(String(cString: strerror(status)))")
    }
}

/// The body of the driver's thread; takes back the loop that it was handed.
private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    // Signals are for other threads; SIGPIPE above all, since a peer may close while libcurl writes.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    Unmanaged<DriverLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
