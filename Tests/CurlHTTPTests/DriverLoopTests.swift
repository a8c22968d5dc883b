import Testing

@testable import CurlHTTP

struct DriverLoopTests {
    @Test(.timeLimit(.minutes(1)))
    func ends_whenOneWaitUsedUpTheWakeUpsOfACommandAndOfTheClosing() throws {
        try CurlLibrary.start()
        let multi = try MultiHandle()
        let inbox = Inbox(wakes: multi)
        #expect(inbox.add(.close(ConnectionPool())))
        inbox.close()
        try multi.wait(atMost: 0)
        DriverLoop(multi, inbox, DriverExecutor(inbox)).run()
        #expect(!inbox.add(.close(ConnectionPool())))
    }
}
