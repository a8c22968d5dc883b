import Glibc
import Synchronization
import Testing
import WatchCore

/// A directory of a test's own, removed with it.
final class TestDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/oauthwatch-traces-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    /// Names of all files below a directory of it, hidden ones too.
    func files(_ directory: String = "lab") -> [String] { Self.names(in: "\(path)/\(directory)") }

    func read(_ name: String) -> [UInt8] {
        guard let file = fopen("\(path)/\(name)", "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return bytes
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = try #require(fopen("\(path)/\(name)", "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    /// The permission bits of a file.
    func mode(_ name: String) -> UInt32 {
        var facts = stat()
        return stat("\(path)/\(name)", &facts) == 0 ? facts.st_mode & 0o7777 : 0
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) {
        for name in names(in: path) where unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        rmdir(path)
    }
}

/// A clock that stands until it is set.
final class StillClock: WatchClock {
    private let time: Mutex<WallTime>

    init(_ time: WallTime) { self.time = Mutex(time) }

    var wallTime: WallTime { time.withLock { $0 } }
    var now: Instant { Instant(nanoseconds: wallTime.nanoseconds) }

    func set(_ wall: WallTime) { time.withLock { $0 = wall } }

    func sleep(until deadline: Instant) async throws {
        Issue.record("the trace store does not sleep")
    }
}
