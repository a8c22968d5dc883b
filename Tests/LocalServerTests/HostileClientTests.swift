import Synchronization
import Testing
import WatchCore

@testable import LocalServer

/// Clients that are slow or many. Time is real here: what is tested is that the server acts on it.
@Suite struct HostileClientTests {
    private func server(_ limits: LocalServerLimits) throws -> LocalServer {
        try LocalServer(
            listen: ("127.0.0.1", 0), limits: limits, routes: ["/page": { _ in LocalResponse(body: "hello") }])
    }

    @Test func hangsUpOnASilentClient() throws {
        var limits = LocalServerLimits()
        limits.requestTime = .milliseconds(50)
        let server = try server(limits)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        #expect(try client.readAll() == "")
    }

    @Test func hangsUpOnADrippingClient_thoughItNeverRests() throws {
        var limits = LocalServerLimits()
        limits.requestTime = .milliseconds(200)
        let server = try server(limits)
        let client = try RawClient(port: server.port)
        client.send("GET /page HTTP/1.1\r\nHost: localhost\r\nX-Drip: ")
        var drips = 0
        while !client.hears(within: 10), client.send("x"), drips < 1_000 { drips += 1 }
        #expect((3..<1_000).contains(drips))
        #expect(try server.exchange().status == 200)
    }

    @Test func hangsUpOnAClientThatDoesNotTakeItsAnswer() throws {
        var limits = LocalServerLimits()
        limits.connectionTime = .milliseconds(100)
        limits.requestTime = .milliseconds(300)
        let body = String(repeating: "0123456789", count: 2_000_000)
        let server = try LocalServer(
            listen: ("127.0.0.1", 0), limits: limits, routes: ["/big": { _ in LocalResponse(body: body) }])
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        client.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n")
        // The buffers of both sockets hold a part; a second client's time is longer than the first one's deadline.
        let other = try RawClient(port: server.port)
        #expect(other.hears(within: 10_000) == true)
        #expect(try client.readAll().utf8.count < 20_000_000)
    }

    @Test func sleeps_whileASilentClientWaits() throws {
        var limits = LocalServerLimits()
        limits.requestTime = .milliseconds(300)
        let clock = CountingClock()
        let server = try LocalServer(
            listen: ("127.0.0.1", 0), limits: limits, clock: clock, routes: ["/page": { _ in LocalResponse(body: "") }])
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        #expect(try client.readAll() == "")
        // The loop looks at the clock each time that it wakes: at the start, at the deadline, when the client has gone.
        #expect((2..<30).contains(clock.readings))
    }

    @Test func servesANewcomer_thoughSilentClientsFillEveryPlace() throws {
        var limits = LocalServerLimits()
        limits.connections = 40
        limits.connectionsPerAddress = 30
        let server = try server(limits)
        let crowd = try Crowd(size: 150, port: server.port)
        #expect(try server.exchange().status == 200)
        #expect(crowd.heardFrom >= 100)
    }

    @Test func answersManyClientsInARow() throws {
        let server = try server(LocalServerLimits())
        for _ in 0..<1_000 { #expect(try server.exchange().status == 200) }
    }
}

/// Clients that connect, from two addresses in turn, and say nothing.
private struct Crowd {
    private let clients: [RawClient]

    init(size: Int, port: UInt16) throws {
        clients = try (0..<size).map {
            try RawClient(port: port, from: $0.isMultiple(of: 2) ? "127.0.0.1" : "127.0.0.2")
        }
    }

    /// How many the server has hung up on.
    var heardFrom: Int { clients.filter { $0.hears(within: 0) }.count }
}

/// The machine's clock, counting how often it is read.
private final class CountingClock: WatchClock {
    private let count = Atomic(0)

    var readings: Int { count.load(ordering: .relaxed) }
    var now: Instant {
        count.add(1, ordering: .relaxed)
        return SystemClock().now
    }
    var wallTime: WallTime { SystemClock().wallTime }

    func sleep(until deadline: Instant) async throws { try await SystemClock().sleep(until: deadline) }
}
