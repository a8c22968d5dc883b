import CCurl
import Glibc
import Synchronization
import WatchCore

/// The driver's thread: starts transfers, waits for the network, hands out results.
///
/// Unchecked: made by `CurlDriver`, then touched by its own thread only.
final class DriverLoop: @unchecked Sendable {
    private let multi: MultiHandle
    private let inbox: Inbox
    private let executor: DriverExecutor
    /// What was asked for and is being done; empty otherwise.
    private var commands: [Command] = []
    /// The transfers under way: few.
    private var active: [Transfer] = []

    init(_ multi: MultiHandle, _ inbox: Inbox, _ executor: DriverExecutor) {
        self.multi = multi
        self.inbox = inbox
        self.executor = executor
    }

    /// Runs until the inbox is closed.
    func run() {
        inbox.adopt()
        while true {
            // Twice, since most of the time a task's next piece asks for the next request.
            if handleAll() || handleAll() { break }
            do {
                try multi.perform()
                handOut()
                let limit = endGraces()
                // What this thread itself put into the inbox meanwhile came without a wake-up.
                if inbox.isEmpty { try multi.wait(atMost: limit) }
            } catch {
                failAll(TransportFailure(.monitor, "\(error)"))
                // So that a lasting fault does not take the whole processor.
                usleep(100_000)
            }
        }
        failAll(TransportFailure(.cancelled, "the monitor is stopping"))
    }

    /// - Returns: whether there will be no more.
    private func handleAll() -> Bool {
        var taken: [Command] = []
        swap(&taken, &commands)
        let isClosed = inbox.takeAll(&taken)
        if !taken.isEmpty {
            for command in taken { handle(command) }
            taken.removeAll(keepingCapacity: true)
        }
        swap(&taken, &commands)
        return isClosed
    }

    private func handle(_ command: Command) {
        switch command {
        case .start(let transfer): start(transfer)
        case .cancel(let transfer):
            finish(transfer, .failure(TransportFailure(.cancelled, "the run was stopped")))
        case .close(let pool): pool.close()
        case .run(let job): job.runSynchronously(on: executor.asUnownedTaskExecutor())
        }
    }

    private func start(_ transfer: Transfer) {
        guard !transfer.cancelled.load(ordering: .acquiring) else {
            return transfer.resume(.failure(TransportFailure(.cancelled, "the run was stopped")))
        }
        do {
            let easy = try transfer.pool.take(prepare: transfer.prepare)
            transfer.easy = easy
            easy.transfer = transfer
            active.append(transfer)
            try transfer.configure(easy)
            try multi.add(easy)
        } catch {
            let failure = TransportFailure(.monitor, "\(error)")
            transfer.easy == nil ? transfer.resume(.failure(failure)) : finish(transfer, .failure(failure))
        }
    }

    private func handOut() {
        while let (easy, code) = multi.nextFinished() {
            guard let transfer = easy.transfer else { continue }
            finish(transfer, transfer.outcome(code, easy), wasCut: code != CURLE_OK)
        }
    }

    /// Ends the transfers whose asker has read enough and whose peer did not end the answer in time.
    ///
    /// - Returns: milliseconds until the next of them is due; nil when there is none.
    private func endGraces() -> Int32? {
        var next: Duration?
        for transfer in active {
            guard let end = transfer.graceEnd, let easy = transfer.easy else { continue }
            let left = end - SystemClock().now
            if left > .zero {
                next = min(left, next ?? left)
            } else {
                finish(transfer, transfer.outcome(CURLE_OK, easy))
            }
        }
        return next.map { Int32(clamping: $0.nanoseconds / 1_000_000 + 1) }
    }

    /// Ends a transfer, whatever its state; a second call does nothing.
    private func finish(
        _ transfer: Transfer, _ result: consuming Result<HTTPResponse, TransportFailure>, wasCut: Bool = true
    ) {
        guard let easy = transfer.easy else { return }
        transfer.easy = nil
        do {
            try multi.remove(easy)
            easy.transfer = nil
            transfer.pool.give(back: easy, wasCut: wasCut)
        } catch {
            // The handle is not used again; letting go of it frees it, and the pool closes with the run.
        }
        active.removeAll { $0 === transfer }
        transfer.resume(result)
    }

    private func failAll(_ failure: TransportFailure) {
        for transfer in active { finish(transfer, .failure(failure)) }
    }
}
