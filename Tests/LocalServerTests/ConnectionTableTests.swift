import Testing
import WatchCore

@testable import LocalServer

@Suite struct ConnectionTableTests {
    private let here = IPAddress("127.0.0.1")
    private let there = IPAddress("127.0.0.2")

    private func table(connections: Int = 3, perAddress: Int = 2) -> ConnectionTable {
        var limits = LocalServerLimits()
        limits.connections = connections
        limits.connectionsPerAddress = perAddress
        limits.requestTime = .seconds(5)
        limits.connectionTime = .seconds(30)
        return ConnectionTable(limits: limits)
    }

    private func second(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test func oldestOfTheAddressGivesWay_whenTheAddressIsFull() {
        var table = table()
        #expect(table.admit(1, from: there, at: second(0)) == [])
        #expect(table.admit(2, from: here, at: second(1)) == [])
        #expect(table.admit(3, from: here, at: second(2)) == [])
        #expect(table.admit(4, from: here, at: second(3)) == [2])
        #expect(table.count == 3)
    }

    @Test func oldestOfAllGivesWay_whenTheTableIsFull() {
        var table = table(perAddress: 3)
        for descriptor: Int32 in 1...3 { #expect(table.admit(descriptor, from: there, at: second(0)) == []) }
        #expect(table.admit(4, from: here, at: second(1)) == [1])
        #expect(table.count == 3)
    }

    @Test func isLate_withoutARequestInTime() {
        var table = table()
        #expect(table.nextDeadline == nil)
        _ = table.admit(1, from: here, at: second(0))
        _ = table.admit(2, from: there, at: second(1))
        #expect(table.nextDeadline == second(5))
        #expect(table.takeLate(at: second(4)) == [])
        #expect(table.takeLate(at: second(5)) == [1])
        #expect(table.takeLate(at: second(5)) == [])
        #expect(table.nextDeadline == second(6))
    }

    @Test func hasTheConnectionsTime_onceTheRequestIsWhole() {
        var table = table()
        _ = table.admit(1, from: here, at: second(0))
        table.answer(1)
        #expect(table.takeLate(at: second(29)) == [])
        #expect(table.takeLate(at: second(30)) == [1])
    }

    @Test func forgetsAClosedConnection() {
        var table = table()
        _ = table.admit(1, from: here, at: second(0))
        table.remove(1)
        #expect(table.takeLate(at: second(60)) == [])
    }
}
