import Testing

@testable import Daemon

@Suite struct StartupPagesTests {
    @Test func givesBackTheTextOfFiles_andNothingThatMayHaveBeenWrittenTo() {
        let maps = """
            55d0c0000000-55d0c0a6e000 r-xp 00000000 fe:00 1234                       /usr/lib/oauthwatch/oauthwatchd
            55d0c0a6f000-55d0c0aab000 r--p 00a6e000 fe:00 1234                       /usr/lib/oauthwatch/oauthwatchd
            55d0c0aab000-55d0c0bec000 rw-p 00aaa000 fe:00 1234                       /usr/lib/oauthwatch/oauthwatchd
            7f0000000000-7f0000001000 r-xp 00000000 00:00 0
            7f0000002000-7f0000003000 rwxp 00000000 fe:00 99                         /usr/lib/written to.so
            7f0000004000-7f0000005000 r-xs 00000000 fe:00 99                         /usr/lib/shared.so
            7f0000006000-7f0000009000 r-xp 00002000 fe:00 77                         /usr/lib/lib crypto.so.3 (deleted)
            7ffd10000000-7ffd10002000 r-xp 00000000 00:00 0                          [vdso]
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            nonsense
            """
        #expect(
            StartupPages.text(in: maps) == [0x55d0_c000_0000..<0x55d0_c0a6_e000, 0x7f00_0000_6000..<0x7f00_0000_9000])
    }

    @Test func goesOn_afterItGaveBackItsOwnText() {
        StartupPages.giveBack()
        #expect(StartupPages.text(in: "").isEmpty)
    }
}
