import Glibc
package import WatchCore

/// Plays faults and varieties through the real checker, several at once, and prints what it said.
package struct Drill: Sendable {
    /// Two to a processor of the smallest machine: most of the time is spent waiting.
    private static let scenesAtOnce = 4

    private let faults: [Fault]
    private let signals: EndSignals
    private let clock: any WatchClock

    /// - Parameters:
    ///   - faults: what is played, in the order of the lines.
    ///   - signals: blocked already.
    ///   - clock: measures how long it takes.
    package init(_ faults: [Fault], signals: EndSignals, clock: any WatchClock = SystemClock()) {
        self.faults = faults
        self.signals = signals
        self.clock = clock
    }

    /// Plays all, and prints a line for each, in their order.
    ///
    /// - Returns: whether the checker said of each what is expected; false also when a signal ended the drill.
    /// - Throws: `demo` when `oauthwatch` is not beside this program; `system`.
    package func run() throws(LabError) -> Bool {
        let checker = try Demo.sibling("oauthwatch")
        let began = clock.now
        let progress = DrillProgress(count: faults.count)
        let threads = ThreadGroup()
        for _ in 0..<min(Self.scenesAtOnce, faults.count) {
            let isRunning = threads.run { [faults] in
                while let index = progress.take() {
                    progress.finish(index, DrillScene(fault: faults[index], checker: checker).play())
                }
            }
            guard isRunning else { throw .last("pthread_create") }
        }
        defer { threads.waitUntilEmpty() }
        let agreed = report(progress)
        let seconds = (clock.now - began).components.seconds
        StandardStream.output.print("\n\(agreed) of \(faults.count) agree, in \(seconds) s")
        return agreed == faults.count
    }

    /// Prints what comes of each scene as soon as all before it are known.
    ///
    /// - Returns: how many were as expected.
    private func report(_ progress: DrillProgress) -> Int {
        let matrix = DrillMatrix(faults)
        StandardStream.output.print(matrix.head)
        var agreed = 0
        for (index, fault) in faults.enumerated() {
            guard let answer = wait(for: index, progress) else { break }
            if answer.meets(fault.expectation) { agreed += 1 }
            StandardStream.output.print(matrix.line(fault, answer))
        }
        return agreed
    }

    /// - Returns: nil when a signal asks to end.
    private func wait(for index: Int, _ progress: DrillProgress) -> CheckerAnswer? {
        while true {
            if let answer = progress.answer(index) { return answer }
            let signal = signals.wait(timeout: .milliseconds(50))
            guard signal != SIGINT, signal != SIGTERM else {
                progress.stop()
                return nil
            }
        }
    }
}
