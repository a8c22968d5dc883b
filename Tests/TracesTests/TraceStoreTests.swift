import Glibc
import JSONReader
import Synchronization
import Testing
import WatchCore

@testable import Traces

struct TraceStoreTests {
    private static let day = Duration.seconds(86_400)

    private let directory: TestDirectory
    private let clock = StillClock(SampleRun.start)
    private let settings: TraceSettings

    init() throws {
        directory = try TestDirectory()
        var settings = TraceSettings(directory: directory.path)
        settings.minFree = 0
        self.settings = settings
    }

    private func store(_ disk: Disk = Disk(), _ settings: TraceSettings? = nil) throws -> TraceStore {
        try TraceStore(settings: settings ?? self.settings, clock: clock, disk: disk)
    }

    @Test func writesATraceThatReadsBack_forTheOwnerOnly() async throws {
        let document = SampleRun.empty()
        let store = try store()
        let path = try await store.save(document)
        #expect(path == "\(directory.path)/lab/oauth_trace_20261123_065501.json")
        #expect(try TraceReader.read(path) == document.json)
        #expect(directory.mode("lab/oauth_trace_20261123_065501.json") == 0o600)
        #expect(directory.mode("lab") == 0o700)
        #expect(directory.files() == ["oauth_trace_20261123_065501.json"])
        #expect(store.statistics.files == 1)
        #expect(store.statistics.bytes == document.bytes.count)
        #expect(store.statistics.errors == 0)
    }

    @Test func neverOverwrites() async throws {
        _ = try await store().save(SampleRun.empty(.failed))
        // A second store does not know of a file that was written after it looked.
        let store = try store()
        try await store.open()
        let other = "lab/oauth_trace_20261123_065501_2.json"
        try directory.write([1], to: other)
        let third = try await store.save(SampleRun.empty())
        #expect(third == "\(directory.path)/lab/oauth_trace_20261123_065501_3.json")
        #expect(try await store.save(SampleRun.empty()).hasSuffix("_4.json"))
        #expect(directory.read(other) == [1])
        #expect(TraceReader.head("\(directory.path)/lab/oauth_trace_20261123_065501.json")?.verdict == .failed)
    }

    @Test func followsNoLink_inThePlaceOfATargetsDirectory() async throws {
        let elsewhere = try TestDirectory()
        #expect(symlink(elsewhere.path, "\(directory.path)/lab") == 0)
        let error = await #expect(throws: TraceFailure.self) { try await store().save(SampleRun.empty()) }
        #expect(error?.code == ENOTDIR)
        #expect(error?.description.contains("\(directory.path)/lab") == true)
        #expect(elsewhere.files(".").isEmpty)
    }

    /// The contents first, and the directory for all but a good run.
    @Test(arguments: [(Verdict.healthy, 1), (.degraded, 2), (.failed, 2), (.inconclusive, 2)])
    func waitsForTheDisk(verdict: Verdict, syncs: Int) async throws {
        let count = Atomic(0)
        var disk = Disk()
        disk.sync = { file in
            count.add(1, ordering: .relaxed)
            return fsync(file)
        }
        _ = try await store(disk).save(SampleRun.empty(verdict))
        #expect(count.load(ordering: .relaxed) == syncs)
    }

    @Test func removesWhatACrashLeftBehind_andNothingElse() async throws {
        _ = try await store().save(SampleRun.empty())
        try directory.write([1], to: "lab/.oauth_trace_abc.tmp")
        try directory.write([2], to: "lab/notes.txt")
        let packed = try #require(Gzip.compressed(SampleRun.empty().bytes))
        try directory.write(packed, to: "lab/oauth_trace_20261123_065501.json.gz")
        let store = try store()
        try await store.open()
        #expect(directory.files() == ["notes.txt", "oauth_trace_20261123_065501.json.gz"])
        #expect(store.statistics.files == 1)
    }

    @Test(arguments: [ENOSPC, EIO, EROFS], [0, 1, 2])
    func leavesNothing_whenACallFails(code: Int32, call: Int) async throws {
        var disk = Disk()
        switch call {
        case 0: disk.write = { file, bytes, _ in Glibc.write(file, bytes, 10) == 10 ? fail(code) : 0 }
        case 1: disk.sync = { _ in Int32(fail(code)) }
        default: disk.rename = { _, _, _ in Int32(fail(code)) }
        }
        let store = try store(disk)
        let failure = await #expect(throws: TraceFailure.self) { try await store.save(SampleRun.empty()) }
        #expect(failure?.code == code)
        #expect(failure?.isDiskFull == (code == ENOSPC))
        #expect(directory.files() == [])
        #expect(store.statistics.errors == 1)
        #expect(store.statistics.failure == failure)
        #expect(store.statistics.files == 0)
    }

    @Test func anInterruptedOrShortWrite_goesOn() async throws {
        let interruptions = Countdown(3)
        var disk = Disk()
        disk.write = { interruptions.next() ? fail(EINTR) : Glibc.write($0, $1, min($2, 100)) }
        let path = try await store(disk).save(SampleRun.empty())
        #expect(try TraceReader.read(path) == SampleRun.empty().json)
    }

    @Test func aFailureIsForgotten_onceATraceIsWritten() async throws {
        let failures = Countdown(1)
        var disk = Disk()
        disk.sync = { failures.next() ? Int32(fail(EIO)) : fsync($0) }
        let store = try store(disk)
        await #expect(throws: TraceFailure.self) { try await store.save(SampleRun.empty()) }
        _ = try await store.save(SampleRun.empty())
        #expect(store.statistics.failure == nil)
        #expect(store.statistics.errors == 1)
    }

    @Test func writesNothing_whenTooLittleWouldBeLeftFree() async throws {
        var settings = settings
        settings.minFree = 500 << 20
        var disk = Disk()
        disk.free = { _ in 500 << 20 }
        let store = try store(disk, settings)
        let failure = await #expect(throws: TraceFailure.self) { try await store.save(SampleRun.empty()) }
        #expect(failure?.isDiskFull == true)
        #expect(failure?.description.contains("500 MiB") == true)
        #expect(directory.files() == [])
    }

    @Test func makesRoom_whenTheDiskIsNearlyFull() async throws {
        var settings = settings
        settings.minFree = 1_000
        var disk = Disk()
        let folder = directory
        // Five files fit, and no sixth.
        disk.free = { _ in 1_000 + (5 - folder.files().count) * 1_000 }
        let store = try store(disk, settings)
        for minute in 0..<8 {
            _ = try await store.save(SampleRun.empty(at: SampleRun.start + .seconds(60 * minute)))
        }
        #expect(directory.files().count == 5)
        #expect(directory.files().last == "oauth_trace_20261123_070201.json")
        #expect(store.statistics.errors == 0)
    }

    @Test func prunesBesideADaemon_andSaysBeforehandWhat() async throws {
        let store = try store()
        for minute in 0..<4 {
            _ = try await store.save(SampleRun.empty(at: SampleRun.start + .seconds(60 * minute)))
        }
        // A trace that the daemon is writing at this moment.
        try directory.write([1], to: "lab/.oauth_trace_x.tmp")
        var settings = settings
        settings.maxFiles = 2
        let before = directory.files()
        let trial = try await self.store(Disk(), settings).prune(isTrial: true)
        #expect(trial.deletions.count == 2 && directory.files() == before)
        let plan = try await self.store(Disk(), settings).prune(isTrial: false)
        #expect(plan.deletions == trial.deletions)
        #expect(directory.files() == [".oauth_trace_x.tmp"] + before.suffix(2))
    }

    @Test func prunesNothing_whereThereIsNothing() async throws {
        var settings = settings
        settings.directory = "\(directory.path)/none"
        let store = try store(Disk(), settings)
        await #expect(throws: TraceFailure.self) { try await store.prune(isTrial: false) }
        #expect(directory.files() == [])
    }

    @Test func noPermissionIsAnError_notACrash() async throws {
        var settings = settings
        settings.directory = "/proc/no/such"
        let store = try store(Disk(), settings)
        let failure = await #expect(throws: TraceFailure.self) { try await store.open() }
        #expect(failure?.operation == "make directory")
        await #expect(throws: TraceFailure.self) { try await store.save(SampleRun.empty()) }
        #expect(store.statistics.errors == 2)
    }

    @Test func compressesYesterdays_andKnowsThemAfterARestart() async throws {
        _ = try await store().save(SampleRun.empty(.failed))
        clock.set(SampleRun.start + Self.day + .seconds(60))
        let store = try store()
        let today = SampleRun.empty(at: clock.wallTime)
        _ = try await store.save(today)
        let packed = "oauth_trace_20261123_065501.json.gz"
        #expect(directory.files() == [packed, "oauth_trace_20261124_065601.json"])
        #expect(directory.mode("lab/\(packed)") == 0o600)
        #expect(try TraceReader.read("\(directory.path)/lab/\(packed)") == SampleRun.empty(.failed).json)
        #expect(store.statistics.bytes == directory.read("lab/\(packed)").count + today.bytes.count)
        let shelf = try TraceShelf(reading: directory.path, target: "lab")
        #expect(shelf.entries.map(\.verdict) == [.failed, .healthy])
    }

    @Test func removesOldOnes_butNotTheFirstFailing() async throws {
        let store = try store()
        for (age, verdict) in [(40, Verdict.healthy), (39, .healthy), (38, .failed), (37, .failed), (0, .healthy)] {
            _ = try await store.save(SampleRun.empty(verdict, at: SampleRun.start + .seconds(-86_400 * age)))
        }
        try await self.store().open()
        #expect(
            directory.files() == [
                "oauth_trace_20261015_065501.json.gz", "oauth_trace_20261016_065501.json.gz",
                "oauth_trace_20261123_065501.json",
            ])
    }

    @Test func aFileThatSomebodyRemoved_isNoError() async throws {
        let store = try store()
        let path = try await store.save(SampleRun.empty())
        #expect(unlink(path) == 0)
        clock.set(SampleRun.start + .seconds(40 * 86_400))
        _ = try await store.save(SampleRun.empty(.failed, at: clock.wallTime))
        #expect(store.statistics.errors == 0)
        #expect(store.statistics.files == 1)
    }

    @Test func writesWhereItIsTold_inThePlaceOfWhatWasThere() async throws {
        try directory.write([1, 2, 3], to: "old.json")
        #expect(symlink("old.json", "\(directory.path)/link.json") == 0)
        try await TraceStore.write(SampleRun.empty(), to: "\(directory.path)/link.json")
        #expect(try TraceReader.read("\(directory.path)/old.json") == SampleRun.empty().json)
        #expect(directory.mode("old.json") == 0o600)
        #expect(directory.files(".") == ["link.json", "old.json"])
        try await TraceStore.write(SampleRun.empty(), to: "/dev/null")
        #expect(access("/dev/null", W_OK) == 0)
        #expect(directory.files("../../dev").contains("null"))
    }

    /// Only root can make what belongs to another user.
    @Test(.enabled(if: geteuid() == 0))
    func refusesLinksAndPipes_thatAnotherUserMade() async throws {
        let (link, pipe) = ("\(directory.path)/link.json", "\(directory.path)/pipe.json")
        #expect(symlink("\(directory.path)/precious", link) == 0 && mkfifo(pipe, 0o666) == 0)
        for path in [link, pipe] {
            #expect(lchown(path, 65_534, 65_534) == 0)
            let failure = await #expect(throws: TraceFailure.self) {
                try await TraceStore.write(SampleRun.empty(), to: path)
            }
            #expect(failure?.code == EACCES)
        }
        #expect(directory.files(".") == ["link.json", "pipe.json"])
    }

    @Test func writesBesideWhatIsThere_underItsOwnName() async throws {
        let first = try await TraceStore.write(SampleRun.empty(), in: directory.path)
        let second = try await TraceStore.write(SampleRun.empty(), in: directory.path)
        #expect(first.hasSuffix("/oauth_trace_20261123_065501.json"))
        #expect(second.hasSuffix("/oauth_trace_20261123_065501_2.json"))
        #expect(directory.mode("oauth_trace_20261123_065501_2.json") == 0o600)
    }

    @Test func aMissingDirectoryIsNamed() async throws {
        let path = "\(directory.path)/missing/trace.json"
        let failure = await #expect(throws: TraceFailure.self) {
            try await TraceStore.write(SampleRun.empty(), to: path)
        }
        #expect(failure?.code == ENOENT)
        #expect(failure?.description.contains("\(directory.path)/missing/") == true)
    }
}

/// Sets `errno` as a failing system call does.
private func fail(_ code: Int32) -> Int {
    errno = code
    return -1
}
