import Synchronization

/// What the driver's thread is asked to do.
enum Command {
    case start(Transfer)
    case cancel(Transfer)
    /// The run has ended: its connections are to be closed.
    case close(ConnectionPool)
}

/// Brings commands to the driver's thread.
final class Inbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let multi: MultiHandle

    init(wakes multi: MultiHandle) { self.multi = multi }

    /// Adds a command, and wakes the thread unless it was woken for an earlier one already.
    ///
    /// - Returns: false when the driver takes none any more.
    func add(_ command: Command) -> Bool {
        let (isClosed, isFirst) = state.withLock { state in
            if !state.isClosed { state.commands.append(command) }
            return (state.isClosed, state.commands.count == 1)
        }
        if !isClosed, isFirst { multi.wake() }
        return !isClosed
    }

    /// The commands since the last call, and whether they are the last ones: then there is no further wake-up, for the
    /// one of `close()` may have come together with an earlier one.
    func takeAll() -> (commands: [Command], isClosed: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isClosed)
        }
    }

    /// Takes no more commands.
    func close() {
        state.withLock { $0.isClosed = true }
        multi.wake()
    }
}
