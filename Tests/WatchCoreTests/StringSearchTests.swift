import Testing
import WatchCore

@Suite struct StringSearchTests {
    @Test(arguments: [
        ("no-store", "no-store", true), ("private, no-store", "no-store", true), ("no-stor", "no-store", false),
        ("nono-store", "no-store", true), ("", "x", false), ("é—x", "—", true), ("abc", "", false),
    ])
    func findsTextByItsBytes(text: String, part: String, isThere: Bool) {
        #expect(text.holds(part) == isThere)
    }

    @Test(arguments: [
        ("a|b|c", "|", "\\|", "a\\|b\\|c"), ("{u}", "{u}", "{u}{u}", "{u}{u}"), ("none", "x", "y", "none"),
        ("aaa", "aa", "b", "ba"),
    ])
    func replacesEachOnce(text: String, part: String, other: String, result: String) {
        #expect(text.replacingEach(part, with: other) == result)
    }
}
