import WatchCore

/// The open connections, oldest first, and which of them have to go. libmicrohttpd counts inactivity only, so a client
/// that drips a byte a second would hold its place for ever; here the time since the start counts.
struct ConnectionTable {
    private struct Entry {
        var descriptor: Int32
        var address: IPAddress?
        var deadline: Instant
        var start: Instant
    }

    private let limits: LocalServerLimits
    private var entries: [Entry] = []

    init(limits: LocalServerLimits) { self.limits = limits }

    var count: Int { entries.count }

    /// When the next connection is late; nil when none is open.
    var nextDeadline: Instant? { entries.map(\.deadline).min() }

    /// Enters a new connection; returns those that give way to it, for good.
    mutating func admit(_ descriptor: Int32, from address: IPAddress?, at now: Instant) -> [Int32] {
        let sameAddress = entries.filter { $0.address == address }.map(\.descriptor)
        var leaving = Array(sameAddress.dropLast(max(0, limits.connectionsPerAddress - 1)))
        let staying = entries.map(\.descriptor).filter { !leaving.contains($0) }
        leaving += staying.dropLast(max(0, limits.connections - 1))
        entries.removeAll { leaving.contains($0.descriptor) }
        entries.append(
            Entry(descriptor: descriptor, address: address, deadline: now + limits.requestTime, start: now))
        return leaving
    }

    /// The header of the request is whole: the client has until the end of the connection's time to take the answer.
    mutating func answer(_ descriptor: Int32) {
        guard let index = entries.firstIndex(where: { $0.descriptor == descriptor }) else { return }
        entries[index].deadline = entries[index].start + limits.connectionTime
    }

    /// The connection is closed.
    mutating func remove(_ descriptor: Int32) { entries.removeAll { $0.descriptor == descriptor } }

    /// Takes out the connections that are late and returns them.
    mutating func takeLate(at now: Instant) -> [Int32] {
        let late = entries.filter { $0.deadline <= now }.map(\.descriptor)
        entries.removeAll { $0.deadline <= now }
        return late
    }
}
