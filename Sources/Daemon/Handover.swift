import CommandIO
import Glibc

/// Becomes another executable that stands beside this one.
package struct Handover {
    private let executable: String
    private let arguments: [String]
    private let environment: [String: String]

    /// Becomes `executable`.
    ///
    /// - Parameters:
    ///   - executable: its name; it stands beside this one.
    ///   - arguments: without the name.
    ///   - environment: variables to set, where they are not set yet.
    package init(executable: String, arguments: [String], environment: [String: String] = [:]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }

    /// Whether the other executable is there to become.
    package var isPossible: Bool { path.map { access($0, X_OK) == 0 } ?? false }

    private var path: String? { Self.folder.map { "\($0)/\(executable)" } }

    /// Replaces this process.
    ///
    /// - Returns: an exit status, only when it could not be replaced.
    ///
    /// Source: execv(3); proc_pid_exe(5).
    package func run() -> Int32 {
        guard let path else {
            Console.error("cannot tell where this executable stands: /proc/self/exe is not readable")
            return EX_OSERR
        }
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        for (name, value) in environment { setenv(name, value, 0) }
        execv(path, words)
        let reason = String(cString: strerror(errno))
        words.forEach { free($0) }
        Console.error("cannot run \(path): \(reason); install it beside oauthwatch")
        return EX_UNAVAILABLE
    }

    private static var folder: String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.bindMemory(to: CChar.self).baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? -1
        }
        guard count > 0 else { return nil }
        let path = String(decoding: buffer.prefix(count), as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
