import Glibc
import Synchronization
import Testing
import WatchCore

@testable import StateStore

@Suite struct StateStoreTests {
    private let directory = TemporaryDirectory()

    /// Opens the store; a warning fails the test.
    private func open() throws -> StateStore {
        try StateStore(directory: directory.path) { warning in Issue.record("unexpected warning: \(warning)") }
    }

    @Test func keepsTheState_overARestart() async throws {
        try await open().memory(for: "mcp.example").update { state in
            state = .sample
            state.intent = nil
        }
        var kept = TargetState.sample
        kept.intent = nil
        #expect(try await open().memory(for: "mcp.example").state == kept)
    }

    @Test func keepsTargetsApart() async throws {
        let store = try open()
        try await store.memory(for: "a").update { $0.login.consecutiveRejections = 1 }
        try await store.memory(for: "b").update { $0.login.consecutiveRejections = 2 }
        #expect(try await store.memory(for: "a").state.login.consecutiveRejections == 1)
        #expect(directory.names() == ["a.1.state", "b.1.state"])
    }

    @Test func closesItsFilesToOthers() async throws {
        let store = try StateStore(directory: directory.path + "/new") { _ in }
        let memory = try await store.memory(for: "a")
        for count in 1...2 { try await memory.update { $0.login.consecutiveRejections = count } }
        #expect(directory.mode("new") == 0o700)
        #expect(directory.mode("new/targets") == 0o700)
        for file in ["lock", "version", "targets/a.0.state", "targets/a.1.state"] {
            #expect(directory.mode("new/\(file)") == 0o600)
        }
    }

    @Test func refusesASecondProcess_namingTheFirst() throws {
        let first = try open()
        let error = #expect(throws: StateStoreError.self) { try open() }
        #expect(error?.code == .locked(pid: getpid()))
        #expect(
            error?.message == "the state directory \(directory.path) is in use by process \(getpid()): "
                + "stop it, or use another directory")
        withExtendedLifetime(first) {}
    }

    @Test func writesItsProcessID_overTheLastOnes() throws {
        directory.write("4194303999\n", to: "lock")
        let store = try open()
        #expect(directory.read("lock").utf8.count == 11)
        #expect(Int32(directory.read("lock").trimmingSpaces) == getpid())
        withExtendedLifetime(store) {}
    }

    @Test func refusesADirectory_thatALaterProgramWrote() {
        directory.write("3\n", to: "version")
        let error = #expect(throws: StateStoreError.self) { try open() }
        #expect(error?.code == .foreignVersion)
        #expect(error?.message.hasPrefix("\(directory.path)/version: the state has schema version \"3\"") == true)
    }

    @Test func saysWhich_whenTheDirectoryCannotBeMade() {
        let error = #expect(throws: StateStoreError.self) {
            try StateStore(directory: "/proc/none/state") { _ in }
        }
        #expect(error?.message == "/proc/none/state: mkdir: No such file or directory")
    }

    @Test(arguments: ["", "{\"version\": 1, \"chain\": {\"acc", "null", "{}", "{\"version\": 2}", "\u{1}"])
    func setsAside_whatItCannotRead(content: String) async throws {
        directory.makeFolder("targets")
        directory.write(content, to: "targets/a.json")
        let warnings = Mutex<[StateStoreWarning]>([])
        let clock = FixedClock(wallTime: TargetState.sampleTime)
        let store = try StateStore(directory: directory.path, clock: clock) { warning in
            warnings.withLock { $0.append(warning) }
        }
        #expect(try await store.memory(for: "a").state == TargetState())
        let aside = "a.json.corrupt-\(clock.wallTime.fileStamp)"
        #expect(directory.names() == [aside])
        #expect(directory.read("targets/\(aside)") == content)
        #expect(warnings.withLock { $0.map(\.setAside) } == ["\(directory.path)/targets/\(aside)"])
    }

    @Test func setsAsideTwoFilesOfOneSecond_underTwoNames() async throws {
        directory.makeFolder("targets")
        let clock = FixedClock(wallTime: TargetState.sampleTime)
        for _ in 0..<2 {
            directory.write("broken", to: "targets/a.json")
            _ = try await StateStore(directory: directory.path, clock: clock) { _ in }.memory(for: "a")
        }
        let base = "a.json.corrupt-\(clock.wallTime.fileStamp)"
        #expect(directory.names() == [base, "\(base)-2"])
    }

    @Test func showsNoSecret_inItsWarnings() async throws {
        directory.makeFolder("targets")
        directory.write("{\"version\": 1, \"chain\": {\"accessToken\": canary}}", to: "targets/a.json")
        let warnings = Mutex<[String]>([])
        let store = try StateStore(directory: directory.path) { warning in
            warnings.withLock { $0.append(warning.description) }
        }
        _ = try await store.memory(for: "a")
        let texts = warnings.withLock { $0 }
        #expect(texts.count == 1)
        #expect(!texts.joined().contains("canary"))
    }

    @Test func ignoresAndRemoves_whatACrashLeftHalfWritten() async throws {
        try await open().memory(for: "a").update { $0.login.consecutiveRejections = 7 }
        directory.write("{\"version\": 1, \"lo", to: "targets/a.json.tmp")
        #expect(try await open().memory(for: "a").state.login.consecutiveRejections == 7)
        #expect(directory.names() == ["a.1.state"])
    }

    @Test func givesUpTheChain_whenARefreshWasCutOff() async throws {
        try await open().memory(for: "a").update { state in
            state = .sample
            state.interrupted = nil
            state.intent = Intent(.refresh, at: TargetState.sampleTime)
        }
        let store = try open()
        let memory = try await store.memory(for: "a")
        #expect(await memory.state.chain == nil)
        #expect(await memory.state.intent == nil)
        #expect(await memory.state.interrupted == Intent(.refresh, at: TargetState.sampleTime))
        // An update that changes nothing writes all the same, for the file still holds the intent.
        try await memory.update { _ in }
        #expect(directory.read("targets/a.1.state").contains("canary-refresh"))
        #expect(!directory.read("targets/a.0.state").contains("canary-refresh"))
    }

    @Test func changesNothing_whenItCannotWrite_andRecovers() async throws {
        let store = try open()
        let memory = try await store.memory(for: "a")
        try await memory.update { $0.login.consecutiveRejections = 1 }
        #expect(store.isWritable)
        directory.makeFolder("targets/a.0.state")
        let failure = await #expect(throws: MemoryFailure.self) {
            try await memory.update { $0.login.consecutiveRejections = 2 }
        }
        #expect(failure?.message == "\(directory.path)/targets/a.0.state: open: Is a directory")
        #expect(await memory.state.login.consecutiveRejections == 1)
        #expect(!store.isWritable)
        directory.removeFolder("targets/a.0.state")
        try await memory.update { $0.login.consecutiveRejections = 3 }
        #expect(store.isWritable)
        #expect(await memory.state.login.consecutiveRejections == 3)
    }

    @Test func overwritesAFailedWrite_andNotTheStateBeforeIt() async throws {
        directory.makeFolder("targets")
        directory.write("{\"version\": 1}", to: "targets/a.json")
        let memory = try await open().memory(for: "a")
        directory.removeFile("targets/a.json")
        directory.makeFolder("targets/a.json")
        // The slot is written, but the file that it takes the place of cannot be removed.
        for count in 1...2 {
            await #expect(throws: MemoryFailure.self) {
                try await memory.update { $0.login.consecutiveRejections = count }
            }
            #expect(await memory.state == TargetState())
            #expect(directory.names() == ["a.json", "a.1.state"])
        }
        directory.removeFolder("targets/a.json")
        directory.write("", to: "targets/a.json")
        try await memory.update { $0.login.consecutiveRejections = 3 }
        #expect(directory.names() == ["a.1.state"])
        let record = try StateRecord(Array(directory.read("targets/a.1.state").utf8))
        #expect((record.sequence, record.state.login.consecutiveRejections) == (1, 3))
    }

    @Test func startsNoFreshState_whenTheFileIsThereButUnreadable() async throws {
        directory.makeFolder("targets")
        directory.makeFolder("targets/a.json")
        let store = try open()
        let error = await #expect(throws: StateStoreError.self) { try await store.memory(for: "a") }
        #expect(error?.code == .system(errno: EISDIR))
    }

    @Test func followsNoLink() async throws {
        directory.makeFolder("targets")
        directory.write("{\"version\": 1}", to: "elsewhere")
        symlink("\(directory.path)/elsewhere", "\(directory.path)/targets/a.json")
        let store = try open()
        let error = await #expect(throws: StateStoreError.self) { try await store.memory(for: "a") }
        #expect(error?.code == .system(errno: ELOOP))
    }

    @Test(arguments: ["", ".", "..", ".hidden", "a/b", "a\0b"])
    func refusesNames_thatLeadElsewhere(name: String) async throws {
        let store = try open()
        let error = await #expect(throws: StateStoreError.self) { try await store.memory(for: name) }
        #expect(error?.code == .invalidName)
    }

    @Test func forgetsTargets_thatAreNotConfigured() async throws {
        let store = try open()
        for name in ["a", "b", "c"] { try await store.memory(for: name).update { $0 = .sample } }
        directory.write("{\"version\": 1}", to: "targets/b.json")
        let b = try await store.memory(for: "b")
        // Written a moment ago: it may come back.
        #expect(try await store.forget(targetsOtherThan: ["a", "c"], restingFor: .seconds(86_400)) == [])
        #expect(try await store.forget(targetsOtherThan: ["a", "c"], restingFor: .zero) == ["b"])
        #expect(directory.names() == ["a.1.state", "c.1.state"])
        await #expect(throws: MemoryFailure.self) { try await b.update { $0 = .sample } }
        #expect(directory.names() == ["a.1.state", "c.1.state"])
    }

    @Test func writesADeferredChange_withTheNextOne() async throws {
        let store = try open()
        let memory = try await store.memory(for: "a")
        try await memory.update { $0.login.consecutiveRejections = 1 }
        let before = directory.read("targets/a.1.state")
        try await memory.update(.deferred) { $0.login.consecutiveRejections += 1 }
        #expect(await memory.state.login.consecutiveRejections == 2)
        #expect(directory.names() == ["a.1.state"])
        #expect(directory.read("targets/a.1.state") == before)
        try await memory.update { _ in }
        let state = await memory.state
        #expect(try StateRecord(Array(directory.read("targets/a.0.state").utf8)).state == state)
    }

    @Test func losesNoDeferredChange_thatComesWhileAnotherIsWritten() async throws {
        let memory = try await open().memory(for: "a")
        let isFirst = Mutex(true)
        try await memory.update { [current = memory.current] state in
            // The store has taken the state that it is about to write.
            let isNow = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            if isNow { current.change { $0.sessions.endedByLogins += 1 } }
            state.login.consecutiveRejections += 1
        }
        let state = await memory.state
        #expect((state.login.consecutiveRejections, state.sessions.endedByLogins) == (1, 1))
        try await memory.update { _ in }
        #expect(try StateRecord(Array(directory.read("targets/a.0.state").utf8)).state == state)
    }

    @Test func losesNoUpdate_whenManyComeAtOnce() async throws {
        let memory = try await open().memory(for: "a")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { try? await memory.update { $0.login.consecutiveRejections += 1 } }
            }
        }
        #expect(await memory.state.login.consecutiveRejections == 50)
    }
}

/// A clock that stands still.
private struct FixedClock: WatchClock {
    var wallTime: WallTime
    var now: Instant { Instant(nanoseconds: 0) }

    func sleep(until deadline: Instant) async throws {
        Issue.record("nothing here may sleep")
    }
}
