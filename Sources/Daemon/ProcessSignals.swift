import Glibc
import Synchronization

/// SIGTERM and SIGINT as something to wait for, SIGHUP as a stream of wishes to reload.
///
/// The handler only writes to a descriptor; a thread of its own reads it, so that nothing else runs in a handler.
///
/// Source: signal-safety(7); pipe(2).
enum ProcessSignals {
    /// Set once, before the handlers are installed, and never changed after.
    nonisolated(unsafe) private static var writeEnd: Int32 = -1
    private static let waiter = Mutex(Waiter())
    /// Wishes that come while one is served are one wish.
    private static let wishes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    private struct Waiter {
        var isRaised = false
        var continuations: [CheckedContinuation<Void, Never>] = []
    }

    /// Takes the signals over. SIGPIPE is ignored, because a reader that went away is no reason to die.
    ///
    /// - Parameter takesReload: whether SIGHUP is a wish to reload; else it ends the process, as it does by itself.
    static func install(takesReload: Bool = false) {
        var ends: [Int32] = [-1, -1]
        let made = pipe(&ends)
        precondition(made == 0, "no pipe for signals: \(String(cString: strerror(errno)))")
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        // A full pipe has told all there is to tell: a handler never waits.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        writeEnd = ends[1]
        let readEnd = ends[0]
        signal(SIGPIPE, SIG_IGN)
        // Whoever starts us may ignore it, and then the end of an alert's program cannot be known: it would come for ever.
        signal(SIGCHLD, SIG_DFL)
        let handler: @convention(c) (Int32) -> Void = { ProcessSignals.pass(on: $0) }
        for number in [SIGTERM, SIGINT] + (takesReload ? [SIGHUP] : []) { signal(number, handler) }
        var thread = pthread_t()
        let context = UnsafeMutableRawPointer(bitPattern: Int(readEnd))
        let status = pthread_create(&thread, nil, { ProcessSignals.listen(Int32(Int(bitPattern: $0))) }, context)
        precondition(status == 0, "no thread for signals: \(String(cString: strerror(status)))")
        pthread_detach(thread)
    }

    /// Returns when the process is asked to stop.
    static func waitForStop() async {
        await withCheckedContinuation { continuation in
            let isRaised = waiter.withLock { waiter in
                if !waiter.isRaised { waiter.continuations.append(continuation) }
                return waiter.isRaised
            }
            if isRaised { continuation.resume() }
        }
    }

    /// An element for each wish to reload; for one reader.
    static var reloads: AsyncStream<Void> { wishes.stream }

    /// Wishes a reload, as SIGHUP does.
    static func wishReload() { wishes.continuation.yield() }

    private static func pass(on number: Int32) {
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(writeEnd, &byte, 1)
        errno = before
    }

    /// Ends with the first signal that asks to stop; what comes after makes no difference.
    private static func listen(_ readEnd: Int32) -> UnsafeMutableRawPointer? {
        var byte: UInt8 = 0
        while true {
            let count = read(readEnd, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, Int32(byte) == SIGHUP else { break }
            wishReload()
        }
        let waiting = waiter.withLock { waiter in
            waiter.isRaised = true
            defer { waiter.continuations = [] }
            return waiter.continuations
        }
        waiting.forEach { $0.resume() }
        return nil
    }
}
