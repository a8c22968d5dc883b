import Glibc
import Synchronization

/// What the driver's thread is asked to do.
enum Command {
    case start(Transfer)
    case cancel(Transfer)
    /// The run has ended: its connections are to be closed.
    case close(ConnectionPool)
    /// A piece of a task that runs on the driver's thread.
    case run(UnownedJob)
}

/// Brings commands to the driver's thread.
final class Inbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var isClosed = false
        /// The driver's thread, once it runs. It looks into the inbox before it waits, so it need not wake itself.
        var reader: pthread_t?
    }

    private let state = Mutex(State())
    private let multi: MultiHandle

    init(wakes multi: MultiHandle) { self.multi = multi }

    /// Says that the calling thread is the one that takes the commands.
    func adopt() {
        state.withLock { $0.reader = pthread_self() }
    }

    /// Whether there is no command.
    var isEmpty: Bool { state.withLock { $0.commands.isEmpty } }

    /// Adds a command, and wakes the thread unless it was woken for an earlier one already.
    ///
    /// - Returns: false when the driver takes none any more.
    func add(_ command: Command) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            if state.isClosed { return (false, false) }
            state.commands.append(command)
            let isOwn = state.reader.map { pthread_equal($0, pthread_self()) != 0 } ?? false
            return (true, state.commands.count == 1 && !isOwn)
        }
        if mustWake { multi.wake() }
        return isTaken
    }

    /// Exchanges `commands`, which must be empty, for those since the last call, so that no memory is asked for.
    ///
    /// - Returns: whether they are the last ones: then there is no further wake-up, for the one of `close()` may have
    ///   come together with an earlier one.
    func takeAll(_ commands: inout [Command]) -> Bool {
        state.withLock { state in
            swap(&state.commands, &commands)
            return state.isClosed
        }
    }

    /// Takes no more commands.
    func close() {
        state.withLock { $0.isClosed = true }
        multi.wake()
    }
}
