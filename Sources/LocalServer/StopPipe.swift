import Glibc

/// Tells a polling thread to end: the reading end is readable as soon as the writing end is closed.
///
/// Source: pipe(2), poll(2).
struct StopPipe: Sendable {
    let readingEnd: Int32
    private let writingEnd: Int32

    /// Opens it; nil, with errno set, when the machine refuses.
    static func open() -> StopPipe? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        return StopPipe(readingEnd: ends[0], writingEnd: ends[1])
    }

    /// Makes the reading end readable, for good.
    func signal() { close(writingEnd) }

    /// Closes the reading end, once nobody polls it any more.
    func discard() { close(readingEnd) }
}
