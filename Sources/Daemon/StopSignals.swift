import Glibc
import Synchronization

/// SIGTERM and SIGINT as something to wait for.
///
/// The handler only writes to a descriptor; a thread of its own reads it, so that nothing else runs in a handler.
///
/// Source: signal-safety(7); pipe(2).
enum StopSignals {
    /// Set once, before the handlers are installed, and never changed after.
    nonisolated(unsafe) private static var writeEnd: Int32 = -1
    private static let waiter = Mutex(Waiter())

    private struct Waiter {
        var isRaised = false
        var continuations: [CheckedContinuation<Void, Never>] = []
    }

    /// Takes the signals over; SIGPIPE is ignored, because a reader that went away is no reason to die.
    static func install() {
        var ends: [Int32] = [-1, -1]
        let made = pipe(&ends)
        precondition(made == 0, "no pipe for signals: \(String(cString: strerror(errno)))")
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        // A full pipe has told all there is to tell: a handler never waits.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        writeEnd = ends[1]
        let readEnd = ends[0]
        signal(SIGPIPE, SIG_IGN)
        let handler: @convention(c) (Int32) -> Void = { _ in StopSignals.wake() }
        signal(SIGTERM, handler)
        signal(SIGINT, handler)
        var thread = pthread_t()
        let context = UnsafeMutableRawPointer(bitPattern: Int(readEnd))
        let status = pthread_create(&thread, nil, { StopSignals.listen(Int32(Int(bitPattern: $0))) }, context)
        precondition(status == 0, "no thread for signals: \(String(cString: strerror(status)))")
        pthread_detach(thread)
    }

    /// Returns when a signal has come.
    static func wait() async {
        await withCheckedContinuation { continuation in
            let isRaised = waiter.withLock { waiter in
                if !waiter.isRaised { waiter.continuations.append(continuation) }
                return waiter.isRaised
            }
            if isRaised { continuation.resume() }
        }
    }

    private static func wake() {
        let before = errno
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
        errno = before
    }

    private static func listen(_ readEnd: Int32) -> UnsafeMutableRawPointer? {
        var byte: UInt8 = 0
        while read(readEnd, &byte, 1) < 0, errno == EINTR {}
        let waiting = waiter.withLock { waiter in
            waiter.isRaised = true
            defer { waiter.continuations = [] }
            return waiter.continuations
        }
        waiting.forEach { $0.resume() }
        return nil
    }
}
