import Glibc
import Testing

@testable import Systemd

/// Environment and standard error belong to the whole process, so that each test has one of its own.
@Suite struct JournalTests {
    @Test func knowsWhetherStandardErrorGoesToTheJournal() async {
        await #expect(processExitsWith: .success) {
            unsetenv("JOURNAL_STREAM")
            #expect(!Journal.takesStandardError)
            var status = stat()
            fstat(STDERR_FILENO, &status)
            setenv("JOURNAL_STREAM", "\(status.st_dev):\(status.st_ino)", 1)
            #expect(Journal.takesStandardError)
            // Redirected elsewhere since the service manager set it.
            setenv("JOURNAL_STREAM", "\(status.st_dev):\(status.st_ino + 1)", 1)
            #expect(!Journal.takesStandardError)
        }
    }
}
