import Control
import Glibc
import Testing
import WatchCore

@Suite struct ControlTests {
    private let directory = TemporaryFolder()
    private var path: String { "\(directory.path)/control.sock" }

    private func echo() throws -> ControlServer {
        try ControlServer(path: path) { request in ControlAnswer.done("heard", [JSON.Member("request", request)]) }
    }

    @Test func bringsARequestAndItsAnswer() async throws {
        let server = try echo()
        let request: JSON = ["command": "status", "text": "two\nlines \u{e9}"]
        let answer = try await Caller(path).ask(request)
        #expect(answer == ["ok": true, "message": "heard", "request": request])
        server.stop()
    }

    @Test func bringsAnAnswerThatNoBufferHolds() async throws {
        let long = String(repeating: "x", count: 3 << 20)
        let server = try ControlServer(path: path) { _ in ControlAnswer.done(long) }
        #expect(try await Caller(path).ask([:])["message"]?.string?.count == long.count)
        server.stop()
    }

    @Test func isForItsOwnerOnly_andGoesWithTheServer() throws {
        let server = try echo()
        #expect(directory.mode("control.sock") == 0o600)
        server.stop()
        server.stop()
        #expect(directory.mode("control.sock") == nil)
    }

    @Test func takesALongPath() async throws {
        let folder = "\(directory.path)/\(String(repeating: "d", count: 200))"
        mkdir(folder, 0o700)
        let server = try ControlServer(path: "\(folder)/control.sock") { _ in ControlAnswer.done("") }
        #expect(try await Caller("\(folder)/control.sock").ask([:])["ok"] == true)
        server.stop()
    }

    @Test func replacesWhatADeadDaemonLeft_andLeavesALivingOneAlone() async throws {
        let first = try echo()
        let error = #expect(throws: ControlError.self) { try echo() }
        #expect(error?.code == .inUse)
        #expect(try await Caller(path).ask([:])["ok"] == true)
        // What `kill -9` leaves: a socket that nobody listens at.
        let left = "\(directory.path)/left.sock"
        rename(path, left)
        first.stop()
        rename(left, path)
        let second = try echo()
        #expect(try await Caller(path).ask([:])["ok"] == true)
        second.stop()
    }

    @Test func saysWhoIsMissing_whenNobodyListens() {
        let error = #expect(throws: ControlError.self) { try ControlClient(path: path).ask([:]) }
        #expect(error?.code == .notRunning)
        #expect(error?.description.contains("is the daemon running?") == true)
    }

    @Test(arguments: ["nonsense\n", "\n", "{\"a\":\n", "[1,2\n"])
    func refusesWhatIsNoJSON(line: String) throws {
        let server = try ControlServer(path: path) { request in
            Issue.record("unexpected request: \(request)")
            return .null
        }
        let answer = try #require(RawConnection(path: path)).say(line)
        #expect(answer == "{\"ok\":false,\"error\":\"one line of JSON is expected\"}\n")
        server.stop()
    }

    @Test func hearsOthers_whileOneSaysNothing() async throws {
        let server = try echo()
        let silent = try #require(RawConnection(path: path))
        #expect(try await Caller(path).ask([:])["ok"] == true)
        withExtendedLifetime(silent) {}
        server.stop()
    }
}

/// Asks from a thread of its own: the handler's task needs those that the tests run on.
private actor Caller {
    private let executor: ThreadExecutor
    private let path: String

    init(_ path: String) throws {
        executor = try ThreadExecutor()
        self.path = path
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func ask(_ request: JSON) throws -> JSON { try ControlClient(path: path).ask(request, timeout: .seconds(600)) }
}
