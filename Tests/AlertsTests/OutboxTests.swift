import JSONReader
import Testing
import WatchCore

@testable import Alerts

@Suite struct OutboxTests {
    private let capacity = Outbox.Limits().capacity
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private func after(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    private func notification(_ event: Notification.Event, _ incident: String, _ number: Int = 0) -> Notification {
        let facts = Incident.Facts(
            step: nil, check: nil, message: "m", layer: nil, remedy: "r", experience: "e", changes: [], trace: nil)
        let at = WallTime(seconds: 1_800_000_000)
        let incident = Incident(
            id: incident, symptom: .login, issuer: nil, cause: "", targets: ["a"], suffering: [], finding: facts,
            since: at, firstBad: at, lastGood: nil, nextReminder: start)
        return Notification(event, incident, number: number, at: at)
    }

    private func outbox(_ notifications: Notification..., sinks: [String] = ["s"]) -> Outbox {
        var outbox = Outbox(sinks: sinks)
        for notification in notifications { _ = outbox.add(notification, for: sinks) }
        return outbox
    }

    private func take(_ sink: String, of outbox: inout Outbox, at now: Instant) throws -> Outbox.Delivery {
        let delivery = outbox.next(for: sink, at: now)
        return try #require(delivery)
    }

    /// Takes everything that may go at a moment.
    private func drain(_ outbox: inout Outbox, at now: Instant) -> [[String]] {
        var keys: [[String]] = []
        while let delivery = outbox.next(for: "s", at: now) {
            keys.append(delivery.notifications.map(\.key))
            outbox.delivered(delivery, at: now)
        }
        return keys
    }

    @Test func keepsTheOrder_andForgetsWhatArrived() {
        var outbox = outbox(
            notification(.firing, "i"), notification(.firing, "k"), notification(.resolved, "i"))
        #expect(drain(&outbox, at: start) == [["i/firing"], ["k/firing"], ["i/resolved"]])
        #expect(outbox.nextTry(for: "s") == nil)
    }

    @Test func triesAgain_laterEachTime_andLosesNothing() {
        var outbox = outbox(notification(.firing, "i"))
        var now = start
        var waits: [Double] = []
        for _ in 0..<10 {
            let delivery = outbox.next(for: "s", at: now)
            #expect(delivery?.notifications.map(\.key) == ["i/firing"])
            if let delivery { outbox.failed(delivery, at: now) }
            #expect(outbox.next(for: "s", at: now) == nil)
            let next = outbox.nextTry(for: "s") ?? now
            waits.append((next - now).seconds)
            now = next
        }
        #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    }

    @Test func leavesASinkAlone_asLongAsItAsks_butNoLongerThanFiveMinutes() throws {
        var outbox = outbox(notification(.firing, "i"))
        let delivery = try take("s", of: &outbox, at: start)
        outbox.failed(delivery, at: start, wait: .seconds(60))
        #expect(outbox.nextTry(for: "s") == after(60))
        outbox.failed(delivery, at: start, wait: .seconds(9_000))
        #expect(outbox.nextTry(for: "s") == after(300))
    }

    @Test func bringsTheOthers_whenOneIsRefused_butKeepsTheOrderOfItsIncident() throws {
        var outbox = outbox(
            notification(.firing, "poison"), notification(.resolved, "poison"), notification(.firing, "k"))
        let first = try take("s", of: &outbox, at: start)
        #expect(first.notifications.map(\.key) == ["poison/firing"])
        outbox.failed(first, at: start)
        let second = try take("s", of: &outbox, at: after(2))
        #expect(second.notifications.map(\.key) == ["k/firing"])
        outbox.delivered(second, at: after(2))
        #expect(try take("s", of: &outbox, at: after(2)).notifications.map(\.key) == ["poison/firing"])
    }

    @Test func sendsNoMoreThanTwentyInTenMinutes_thenADigest_butResolvesAtOnce() {
        var outbox = outbox()
        for number in 0..<25 { _ = outbox.add(notification(.firing, "i\(number)"), for: ["s"]) }
        _ = outbox.add(notification(.resolved, "i0"), for: ["s"])
        _ = outbox.add(notification(.resolved, "i24"), for: ["s"])
        let now = drain(&outbox, at: start)
        // Twenty, and the resolve whose begin was among them; the other comes after its own begin.
        #expect(now == (0..<20).map { ["i\($0)/firing"] } + [["i0/resolved"]])
        #expect(drain(&outbox, at: after(599)) == [])
        #expect(outbox.nextTry(for: "s") == after(600))
        let digest = drain(&outbox, at: after(600))
        #expect(digest == [["i20/firing", "i21/firing", "i22/firing", "i23/firing", "i24/firing", "i24/resolved"]])
        #expect(drain(&outbox, at: after(600)) == [])
    }

    @Test func hasNoLimit_whereTheReceiverGroupsByItself() {
        var outbox = Outbox(sinks: ["s"], unlimited: ["s"])
        for number in 0..<50 { _ = outbox.add(notification(.firing, "i\(number)"), for: ["s"]) }
        #expect(drain(&outbox, at: start).count == 50)
    }

    @Test func isBounded_andDropsTheOldestRemindersFirst_neverAResolveThatSomebodyWaitsFor() {
        var outbox = outbox()
        _ = outbox.add(notification(.resolved, "told-before"), for: ["s"])
        _ = outbox.add(notification(.firing, "over"), for: ["s"])
        _ = outbox.add(notification(.resolved, "over"), for: ["s"])
        for number in 1...capacity { _ = outbox.add(notification(.reminder, "r", number), for: ["s"]) }
        var waiting = outbox.queues["s"]?.waiting ?? []
        #expect(waiting.count == capacity)
        #expect(waiting.prefix(3).map(\.key) == ["told-before/resolved", "over/firing", "over/resolved"])
        #expect(waiting[3].key == "r/reminder-4")
        var dropped = 0
        for number in 0..<capacity {
            dropped += outbox.add(notification(.firing, "f\(number)"), for: ["s"])["s"] ?? 0
        }
        waiting = outbox.queues["s"]?.waiting ?? []
        #expect(!waiting.contains { $0.event == .reminder || $0.incident == "over" })
        #expect(waiting.first?.key == "told-before/resolved")
        #expect(waiting.count == capacity + 1 && dropped == capacity - 1)
    }

    @Test func outlivesARestart_withTheLimitOfItsSinks() throws {
        var before = outbox(notification(.firing, "i"), notification(.resolved, "i"), sinks: ["s", "t"])
        for number in 0..<20 { _ = before.add(notification(.firing, "k\(number)"), for: ["t"]) }
        let delivery = try take("s", of: &before, at: start)
        before.delivered(delivery, at: start)
        // All but the last; the resolve among them does not count.
        for _ in 0..<21 {
            let next = try take("t", of: &before, at: start)
            before.delivered(next, at: start)
        }
        let json = try JSON(parsing: before.json(at: after(10)).bytes())
        var outbox = Outbox(restoring: json, sinks: ["s", "t", "new"], at: start)
        #expect(outbox.queues["s"]?.waiting.map(\.key) == ["i/resolved"])
        #expect(outbox.queues["new"]?.waiting.isEmpty == true)
        let left = outbox.queues["t"]?.waiting.map(\.key) ?? []
        #expect(left == before.queues["t"]?.waiting.map(\.key))
        #expect(left == ["k19/firing"])
        #expect(outbox.next(for: "t", at: start) == nil)
        #expect(outbox.next(for: "t", at: after(590)) != nil)
    }

    @Test func keepsTheOrder_overARestart_whenTheClockWasSetBackMeanwhile() throws {
        var resolved = notification(.resolved, "i")
        resolved.at = resolved.at + .seconds(-86_400)
        let before = outbox(notification(.firing, "i"), notification(.reminder, "i", 1), resolved, sinks: ["s", "t"])
        let json = try JSON(parsing: before.json(at: start).bytes())
        let after = Outbox(restoring: json, sinks: ["s", "t"], at: start)
        for sink in ["s", "t"] {
            #expect(after.queues[sink]?.waiting.map(\.key) == ["i/firing", "i/reminder-1", "i/resolved"])
        }
    }
}
