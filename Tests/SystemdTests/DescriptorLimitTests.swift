import Testing

@testable import Systemd

struct DescriptorLimitTests {
    @Test(arguments: [(64, 1_024, 1_024), (1_024, 1 << 20, 4_096), (64, 64, 64), (8_192, 1 << 20, 8_192)])
    func isRaisedAsFarAsAllowed_andNeverLowered(soft: UInt64, hard: UInt64, expected: UInt64) {
        #expect(DescriptorLimit.aim(soft: soft, hard: hard) == expected)
    }

    @Test func holdsWhatItSays() throws {
        let limit = try #require(DescriptorLimit.raise())
        #expect(DescriptorLimit.raise() == limit)
        #expect(limit >= 64)
    }
}
