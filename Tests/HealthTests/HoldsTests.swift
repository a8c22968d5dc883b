import Health
import Testing
import WatchCore

@Suite struct HoldsTests {
    private let now = WallTime(seconds: 1_800_000_000)

    private func hold(_ seconds: Double, _ reason: String = "upgrade") -> Hold {
        Hold(since: now, until: now + .seconds(seconds), reason: reason)
    }

    @Test func holdsUntilItsEnd() {
        var holds = Holds()
        holds.begin(.silence, of: "a", hold(60))
        #expect(holds.hold(.silence, of: "a", at: now) == hold(60))
        #expect(holds.hold(.silence, of: "a", at: now + .seconds(60)) == nil)
        #expect(holds.hold(.pause, of: "a", at: now) == nil)
        #expect(holds.hold(.silence, of: "b", at: now) == nil)
    }

    @Test func endsWhenTold_once() {
        var holds = Holds()
        holds.begin(.pause, of: "a", hold(60))
        #expect(holds.end(.pause, of: "a") == true)
        #expect(holds.end(.pause, of: "a") == false)
        #expect(holds.hold(.pause, of: "a", at: now) == nil)
    }

    @Test func mutesNoLonger_whenTheClockWasSetBackADay() {
        var holds = Holds()
        holds.begin(.silence, of: "a", hold(7_200))
        #expect(holds.hold(.silence, of: "a", at: now + .seconds(-10)) != nil)
        #expect(holds.hold(.silence, of: "a", at: now + .seconds(-86_400)) == nil)
    }

    @Test func outlivesARestart_withoutWhatIsOver() {
        var holds = Holds()
        holds.begin(.silence, of: "a", hold(60, "one\u{7}\ntwo"))
        holds.begin(.pause, of: "b", hold(600))
        #expect(Holds(restoring: holds.json, at: now) == holds)
        let later = Holds(restoring: holds.json, at: now + .seconds(100))
        #expect(later.hold(.silence, of: "a", at: now) == nil)
        #expect(later.hold(.pause, of: "b", at: now) == hold(600))
        #expect(Holds(restoring: ["silence": ["a": ["until": 7]]], at: now) == Holds())
    }

    @Test func showsOnTheHealthPage_onOneLine() {
        var holds = Holds()
        holds.begin(.silence, of: "a", hold(60, "disk\nswap"))
        holds.begin(.pause, of: "a", hold(120, ""))
        let note = holds.suffix(for: "a", at: now)
        #expect(note == " [silenced until 2027-01-15T08:01:00Z: disk swap] [paused until 2027-01-15T08:02:00Z]")
        let page = HealthPage.text([TargetHealth(name: "a")], notes: ["a": note])
        #expect(page.body == "a inconclusive since - not run yet\(note)\n")
    }
}
