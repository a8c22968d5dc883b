import Synchronization

/// Which scenes are taken and what came of them; shared by the threads of a drill.
final class DrillProgress: Sendable {
    private struct State {
        var next = 0
        var answers: [Int: CheckerAnswer] = [:]
    }

    private let count: Int
    private let state = Mutex(State())

    /// For so many scenes.
    init(count: Int) { self.count = count }

    /// The next scene to play; nil when all are taken.
    func take() -> Int? {
        state.withLock { state in
            guard state.next < count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// Lets nobody take a further scene.
    func stop() { state.withLock { $0.next = count } }

    /// Notes what came of a scene.
    func finish(_ index: Int, _ answer: CheckerAnswer) { state.withLock { $0.answers[index] = answer } }

    /// What came of a scene; nil while it is not played.
    func answer(_ index: Int) -> CheckerAnswer? { state.withLock { $0.answers[index] } }
}
