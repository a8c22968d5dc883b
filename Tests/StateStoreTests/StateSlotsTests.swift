import Synchronization
import Testing
import WatchCore

@testable import StateStore

@Suite struct StateSlotsTests {
    private let directory = TemporaryDirectory()

    /// Opens the store; a warning fails the test.
    private func open() throws -> StateStore {
        try StateStore(directory: directory.path) { warning in Issue.record("unexpected warning: \(warning)") }
    }

    private func write(rejections: ClosedRange<Int>) async throws {
        let memory = try await open().memory(for: "a")
        for count in rejections { try await memory.update { $0.login.consecutiveRejections = count } }
    }

    private func rejections() async throws -> Int {
        try await open().memory(for: "a").state.login.consecutiveRejections
    }

    @Test func readsTheNewer_ofTwoStates() async throws {
        for last in 1...5 {
            try await write(rejections: last...last)
            #expect(try await rejections() == last)
        }
        #expect(directory.names() == ["a.0.state", "a.1.state"])
    }

    @Test func fallsBackToTheStateBefore_whereverAWriteWasCutOff() async throws {
        try await write(rejections: 1...4)
        let old = Array(directory.read("targets/a.1.state").utf8)
        try await write(rejections: 5...5)
        let new = Array(directory.read("targets/a.1.state").utf8)
        for count in 0...new.count where count < 1_200 || count == new.count {
            let halfway = new.prefix(count) + old.dropFirst(count)
            directory.write(String(decoding: halfway, as: UTF8.self), to: "targets/a.1.state")
            #expect(try await rejections() == (halfway.elementsEqual(new) ? 5 : 4), "\(count) bytes")
        }
    }

    @Test func makesAFileAnew_thatSomebodyRemovedOrReplaced() async throws {
        let memory = try await open().memory(for: "a")
        for count in 1...2 { try await memory.update { $0.login.consecutiveRejections = count } }
        directory.removeFile("targets/a.1.state")
        directory.replace("targets/a.0.state", with: "")
        for count in 3...4 { try await memory.update { $0.login.consecutiveRejections = count } }
        #expect(try StateRecord(Array(directory.read("targets/a.1.state").utf8)).state.login.consecutiveRejections == 3)
        #expect(try StateRecord(Array(directory.read("targets/a.0.state").utf8)).state.login.consecutiveRejections == 4)
    }

    @Test func makesAFileAnew_thatSomebodyMovedAway() async throws {
        let memory = try await open().memory(for: "a")
        for count in 1...2 { try await memory.update { $0.login.consecutiveRejections = count } }
        let moved = directory.read("targets/a.1.state")
        directory.move("targets/a.1.state", to: "moved")
        try await memory.update { $0.login.consecutiveRejections = 3 }
        #expect(try StateRecord(Array(directory.read("targets/a.1.state").utf8)).state.login.consecutiveRejections == 3)
        #expect(directory.read("moved") == moved)
    }

    @Test func doesNotCountAsSynced_whatSomebodyRemovedBefore() async throws {
        let memory = try await open().memory(for: "a")
        try await memory.update { $0.login.consecutiveRejections = 1 }
        try await memory.update(.written) { $0.login.consecutiveRejections = 2 }
        directory.removeFile("targets/a.0.state")
        await #expect(throws: MemoryFailure.self) { try await memory.update { _ in } }
        try await memory.update { _ in }
        #expect(try StateRecord(Array(directory.read("targets/a.0.state").utf8)).state.login.consecutiveRejections == 2)
    }

    @Test func keepsNoFileOpen_thatWasOnlyRead() async throws {
        try await write(rejections: 1...2)
        let store = try open()
        let memory = try await store.memory(for: "a")
        #expect(directory.openFiles(suffix: ".state") == 0)
        #expect(await memory.state.login.consecutiveRejections == 2)
    }

    @Test func keepsFewFilesOpen_howeverManyTargetsThereAre() async throws {
        let store = try open()
        for number in 1...50 {
            let memory = try await store.memory(for: "t\(number)")
            for count in 1...2 { try await memory.update { $0.login.consecutiveRejections = count } }
        }
        #expect(directory.openFiles(suffix: ".state") == 64)
        // Closed ones are opened again.
        try await store.memory(for: "t1").update { $0.login.consecutiveRejections = 3 }
        #expect(try StateRecord(Array(directory.read("targets/t1.1.state").utf8)).sequence == 3)
    }

    @Test func leavesTheSyncedState_untilALaterOneIsSynced() async throws {
        let memory = try await open().memory(for: "a")
        try await memory.update { $0.login.consecutiveRejections = 1 }
        let synced = directory.read("targets/a.1.state")
        for count in 2...4 { try await memory.update(.written) { $0.login.consecutiveRejections = count } }
        #expect(directory.read("targets/a.1.state") == synced)
        #expect(try StateRecord(Array(directory.read("targets/a.0.state").utf8)).sequence == 6)
        try await memory.update { $0.login.consecutiveRejections = 5 }
        #expect(directory.read("targets/a.1.state") == synced)
        try await memory.update { $0.login.consecutiveRejections = 6 }
        #expect(directory.read("targets/a.1.state") != synced)
    }

    @Test func countsAsSynced_whatWasWritten_onceAnUnchangedStateIsSynced() async throws {
        let memory = try await open().memory(for: "a")
        try await memory.update { $0.login.consecutiveRejections = 1 }
        try await memory.update(.written) { $0.login.consecutiveRejections = 2 }
        let written = directory.read("targets/a.0.state")
        try await memory.update { _ in }
        #expect(directory.read("targets/a.0.state") == written)
        try await memory.update(.written) { $0.login.consecutiveRejections = 3 }
        #expect(directory.read("targets/a.0.state") == written)
    }

    @Test func setsBothAside_whenNeitherIsWhole() async throws {
        try await write(rejections: 1...2)
        for name in directory.names() { directory.write("{}", to: "targets/\(name)") }
        let aside = Mutex<[String]>([])
        let store = try StateStore(directory: directory.path) { warning in
            aside.withLock { $0.append(warning.reason) }
        }
        #expect(try await store.memory(for: "a").state == TargetState())
        #expect(aside.withLock { $0 } == ["no whole record", "no whole record"])
        #expect(directory.names().allSatisfy { $0.contains(".state.corrupt-") })
    }

    @Test func takesOver_whatTheFirstSchemaKept() async throws {
        directory.write("1\n", to: "version")
        directory.makeFolder("targets")
        let members = TargetState.sample.json.members ?? []
        directory.write(JSON.object([JSON.Member("version", 1)] + members).text(indent: 1), to: "targets/a.json")
        let store = try open()
        #expect(directory.read("version") == "2\n")
        let memory = try await store.memory(for: "a")
        #expect(await memory.state.client == TargetState.sample.client)
        #expect(directory.names() == ["a.json"])
        try await memory.update { $0.login.consecutiveRejections = 9 }
        #expect(directory.names() == ["a.1.state"])
    }

    @Test func prefersASlot_toAFileOfTheFirstSchema() async throws {
        try await write(rejections: 1...1)
        directory.write("{\"version\": 1, \"login\": {\"consecutiveRejections\": 8}}", to: "targets/a.json")
        #expect(try await rejections() == 1)
        try await write(rejections: 2...2)
        #expect(directory.names() == ["a.0.state", "a.1.state"])
    }

    @Test func keepsNothingOfALongerState_behindAShorterOne() async throws {
        let memory = try await open().memory(for: "a")
        for _ in 0..<2 {
            try await memory.update { $0.health = .string(String(repeating: "canary ", count: 2_000)) }
            try await memory.update { $0.health = .null }
        }
        try await memory.update { $0.login.consecutiveRejections = 1 }
        #expect(!directory.names().contains { directory.read("targets/\($0)").contains("canary") })
        #expect(await memory.state.login.consecutiveRejections == 1)
    }
}
