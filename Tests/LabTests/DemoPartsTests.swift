import Glibc
import Testing
import WatchCore

@testable import Lab

@Suite struct DemoPartsTests {
    @Test func takesAnotherPort_whenTheUsualOneIsTaken() throws {
        let taken = try ListeningSocket(host: "127.0.0.1", port: 0)
        let port = try Demo.freePort(taken.port)
        #expect(port != taken.port)
        #expect(port != 0)
    }

    @Test func saysWhichProgramIsMissing() {
        let error = #expect(throws: LabError.self) { try Demo.sibling("no-such-program") }
        #expect(error?.description.contains("/no-such-program is not there") == true)
    }

    @Test func removesTemporaryDirectoryWithAllInIt() throws {
        let path: String
        do {
            let directory = try TemporaryDirectory(prefix: "lab-test")
            path = directory.path
            mkdir("\(path)/inner", 0o700)
            symlink("/", "\(path)/inner/link")
            let file = try directory.write("secret", to: "file")
            var status = stat()
            #expect(stat(file, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(throws: LabError.self) { try directory.write("again", to: "file") }
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test(arguments: [("exit 7", 7), ("kill -TERM $$", 143)] as [(String, Int32)])
    func tellsHowChildEnded(script: String, status: Int32) throws {
        #expect(try ChildProcess("/bin/sh", ["-c", script]).exitStatus(waits: true) == status)
    }

    @Test func probesHealth() throws {
        try withLab { (_, server) throws in
            let probe = LoopbackProbe(port: try #require(server.ports?.here))
            let answer = try #require(probe.get("/-/stats"))
            #expect(answer.status == 200)
            #expect(answer.body.hasPrefix("{"))
            server.stop()
            #expect(probe.get("/-/stats") == nil)
        }
    }

    @Test func appendsRequestsToFile() throws {
        let directory = try TemporaryDirectory(prefix: "lab-test")
        let path = "\(directory.path)/wire.jsonl"
        let recording = try WireRecording(path: path)
        let request = RecordedRequest(
            at: WallTime(nanoseconds: 0), listener: .lab, method: "GET", target: "/", fields: [:], body: [], status: 200
        )
        recording.append(request)
        recording.append(request)
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        #expect(text == "\(request.json.text())\n\(request.json.text())\n")
    }
}
