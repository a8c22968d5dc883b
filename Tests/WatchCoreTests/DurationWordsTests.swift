import Testing
import WatchCore

struct DurationWordsTests {
    @Test(arguments: [
        (0, "0 s"), (45, "45 s"), (60, "1 min"), (90, "1 min 30 s"), (750, "12 min"), (3_600, "1 h"),
        (11_100, "3 h 5 min"), (86_400, "1 d"), (93_600, "1 d 2 h"), (-5, "0 s"),
    ])
    func saysTheTwoLargestUnits(seconds: Int, words: String) {
        #expect(Duration.seconds(seconds).inWords == words)
    }
}
