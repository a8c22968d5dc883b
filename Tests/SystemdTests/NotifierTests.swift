import Glibc
import Testing

@testable import Systemd

/// The environment belongs to the whole process, so that each of these has a process of its own.
@Suite struct NotifierTests {
    @Test func tellsTheServiceManager() async {
        await #expect(processExitsWith: .success) {
            let socket = try NotifySocket()
            setenv("NOTIFY_SOCKET", socket.path, 1)
            let notifier = Notifier()
            #expect(notifier.isEnabled)
            // No child can speak in our name.
            #expect(getenv("NOTIFY_SOCKET") == nil)
            try notifier.send(.ready, .status("3/3 healthy"))
            #expect(socket.receive() == "READY=1\nSTATUS=3/3 healthy")
            try notifier.send(.watchdog)
            #expect(socket.receive() == "WATCHDOG=1")
            try notifier.sendReloading()
            #expect(socket.receive()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
            #expect(socket.receive() == nil)
        }
    }

    @Test func findsAnAbstractName() async {
        await #expect(processExitsWith: .success) {
            let socket = try NotifySocket(abstract: "oauthwatch-test-\(getpid())")
            setenv("NOTIFY_SOCKET", "@oauthwatch-test-\(getpid())", 1)
            try Notifier().send(.stopping)
            #expect(socket.receive() == "STOPPING=1")
        }
    }

    @Test func doesNothing_withoutServiceManager() async {
        await #expect(processExitsWith: .success) {
            unsetenv("NOTIFY_SOCKET")
            let notifier = Notifier()
            #expect(!notifier.isEnabled)
            try notifier.send(.ready)
        }
    }

    @Test func saysSo_whenTheSocketIsGone() async {
        await #expect(processExitsWith: .success) {
            setenv("NOTIFY_SOCKET", "/nowhere/oauthwatch/notify", 1)
            let error = #expect(throws: SystemdError.self) { try Notifier().send(.ready) }
            #expect(error?.code == ENOENT)
            #expect(error?.description == "notify: No such file or directory")
        }
    }

    @Test func readsTheWatchdogInterval() async {
        await #expect(processExitsWith: .success) {
            unsetenv("WATCHDOG_USEC")
            try #expect(Notifier.takeWatchdogInterval() == nil)
            setenv("WATCHDOG_USEC", "30000000", 1)
            setenv("WATCHDOG_PID", "\(getpid())", 1)
            try #expect(Notifier.takeWatchdogInterval() == .seconds(30))
            #expect(getenv("WATCHDOG_USEC") == nil)
            setenv("WATCHDOG_USEC", "30000000", 1)
            setenv("WATCHDOG_PID", "\(getppid())", 1)
            try #expect(Notifier.takeWatchdogInterval() == nil)
            setenv("WATCHDOG_USEC", "soon", 1)
            #expect(throws: SystemdError.self) { try Notifier.takeWatchdogInterval() }
        }
    }

    @Test(arguments: [
        (NotifyMessage.status("a\nREADY=1\r\u{1B}[31mred\u{7F}\u{2028}b "), "STATUS=a READY=1  [31mred  b"),
        (.status("mcp.example failed at token since 03:12"), "STATUS=mcp.example failed at token since 03:12"),
        (.stopping, "STOPPING=1"), (.extendTimeout(.milliseconds(2_500)), "EXTEND_TIMEOUT_USEC=2500000"),
        (.extendTimeout(.seconds(-1)), "EXTEND_TIMEOUT_USEC=0"), (.failure(errno: 28), "ERRNO=28"),
        (.exitStatus(78), "EXIT_STATUS=78"),
        (.reloading(monotonicMicroseconds: 7), "RELOADING=1\nMONOTONIC_USEC=7"),
    ])
    func writesOneAssignmentALine(_ message: NotifyMessage, _ line: String) {
        #expect(message.line == line)
    }
}
