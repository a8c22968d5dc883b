/// What clients of the local server may cost.
package struct LocalServerLimits: Sendable, Hashable {
    /// Connections at once; the oldest gives way to a newcomer.
    package var connections = 256
    /// Connections at once from one address; its oldest gives way to a newcomer.
    package var connectionsPerAddress = 128
    /// From accepting a connection to the end of its request's header.
    package var requestTime: Duration = .seconds(5)
    /// From accepting a connection to its end, whatever it does.
    package var connectionTime: Duration = .seconds(30)
    /// Bytes for the header of a request and of its answer.
    package var headerMemory = 16 * 1024

    /// The defaults.
    package init() {}
}
