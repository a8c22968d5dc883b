import Testing
import WatchCore

struct ServerBaselineTests {
    private static let time = WallTime(seconds: 1_800_000_000)
    private let baseline = ServerBaseline(
        portrait: ["metadata": ["scopes": ["read", "admin"]], "token": ["x": "<text>"]], acceptedAt: time)

    @Test func comparesOnlyWhatBothHave() {
        #expect(baseline.changes(in: ["metadata": ["scopes": ["read"]], "mcp": [:]]) == ["metadata.scopes: -admin"])
        #expect(baseline.changes(in: [:]) == [])
    }

    @Test func learnsNewParts_fromGoodRunsOnly() {
        var bad = baseline
        bad.observe(["registration": ["status": 201]], isGood: false)
        #expect(bad.had("registration", "status") == nil)
        var good = baseline
        good.observe(["registration": ["status": 201]], isGood: true)
        #expect(good.had("registration", "status") == 201 && good.had("token", "x") == "<text>")
    }

    @Test func keepsWhatItIs_untilAccepted() {
        var changed = baseline
        changed.observe(["metadata": ["scopes": ["read"]]], isGood: true)
        #expect(changed.had("metadata", "scopes") == ["read", "admin"])
        #expect(changed.accept(at: Self.time + .seconds(5)) == ["metadata.scopes: -admin"])
        #expect(changed.had("metadata", "scopes") == ["read"] && changed.had("token", "x") == "<text>")
        #expect(changed.acceptedAt == Self.time + .seconds(5) && changed.accept(at: Self.time) == [])
    }

    @Test func forgetsAChangeThatWasTakenBack() {
        var changed = baseline
        changed.observe(["metadata": ["scopes": ["read"]]], isGood: true)
        changed.observe(["metadata": ["scopes": ["admin", "read"]]], isGood: true)
        #expect(changed.latest == nil)
    }
}
