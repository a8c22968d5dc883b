import CSystemd
import Glibc
import Testing

@testable import Systemd

/// The environment, descriptors and limits belong to the whole process, so that each test has one of its own.
@Suite struct ServiceEnvironmentTests {
    @Test func hasNoSockets_withoutSocketActivation() async {
        await #expect(processExitsWith: .success) {
            unsetenv("LISTEN_FDS")
            try #expect(ServiceEnvironment.takeListeningSockets() == [])
        }
    }

    @Test func refusesABrokenCountOfSockets() async {
        await #expect(processExitsWith: .success) {
            setenv("LISTEN_PID", "\(getpid())", 1)
            setenv("LISTEN_FDS", "many", 1)
            #expect(throws: SystemdError.self) { try ServiceEnvironment.takeListeningSockets() }
        }
    }

    @Test func takesTheSockets_andClearsTheVariables() async {
        await #expect(processExitsWith: .success) {
            // Socket activation begins at descriptor 3, which may be the one that failures are reported through: so the
            // exit status tells.
            let file = open("/dev/null", O_RDONLY)
            if file != 3 { dup2(file, 3) }
            setenv("LISTEN_PID", "\(getpid())", 1)
            setenv("LISTEN_FDS", "1", 1)
            let sockets = try ServiceEnvironment.takeListeningSockets()
            let isClosedOnExec = fcntl(3, F_GETFD) & FD_CLOEXEC != 0
            exit(sockets == [3] && isClosedOnExec && getenv("LISTEN_FDS") == nil ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }

    @Test func forbidsTracingAndCoreDumps() async {
        await #expect(processExitsWith: .success) {
            #expect(getDumpable() == 1)
            try ProcessHardening.apply()
            #expect(getDumpable() == 0)
            var limit = rlimit(rlim_cur: 1, rlim_max: 1)
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
            #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
        }
    }
}
