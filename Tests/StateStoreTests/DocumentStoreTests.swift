import Synchronization
import Testing
import WatchCore

@testable import StateStore

@Suite struct DocumentStoreTests {
    private let directory = TemporaryDirectory()

    private func open() throws -> DocumentStore {
        try DocumentStore(directory: directory.path) { Issue.record("unexpected warning: \($0)") }
    }

    @Test func keepsDocuments_overARestart() async throws {
        let content: JSON = ["a": [1, nil, "x\n\u{e9}"]]
        try await open().write("holds", content)
        #expect(try await open().read("holds") == content)
        #expect(try await open().read("alerts") == nil)
        #expect(directory.mode("daemon/holds.json") == 0o600 && directory.mode("daemon") == 0o700)
    }

    @Test func setsAside_whatItCannotRead() async throws {
        try await open().write("holds", ["a": 1])
        directory.write("{\"a\": \"secret", to: "daemon/holds.json")
        let warnings = Mutex<[String]>([])
        let store = try DocumentStore(directory: directory.path) { warning in warnings.withLock { $0.append(warning) } }
        #expect(try await store.read("holds") == nil)
        let warning = try #require(warnings.withLock { $0 }.first)
        #expect(warning.contains("holds.json is not usable") && !warning.contains("secret"))
        #expect(directory.names("daemon").count == 1)
    }

    @Test func removesWhatACrashLeftHalfWritten() async throws {
        try await open().write("holds", ["a": 1])
        directory.write("{", to: "daemon/holds.json.tmp")
        #expect(try await open().read("holds") == ["a": 1])
        #expect(directory.names("daemon") == ["holds.json"])
    }
}
