import Glibc

/// `openssl s_server` on 127.0.0.1 with a certificate of its own for `localhost` and 127.0.0.1.
final class TLSServer {
    let port: UInt16
    /// The self-signed certificate, which is its own authority.
    let certificate: String
    private let folder: String
    private let process: pid_t
    private let output: Int32

    init() throws {
        var template = Array("/tmp/oauthwatch-tls-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw ServerFailure(operation: "mkdtemp", number: errno) }
        folder = String(cString: made)
        certificate = "\(folder)/cert.pem"
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        let make = try Self.spawn([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", names, "-keyout", "\(folder)/key.pem", "-out", certificate,
        ])
        waitpid(make.process, nil, 0)
        close(make.output)
        let server = try Self.spawn([
            "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", "\(folder)/key.pem", "-www",
        ])
        process = server.process
        output = server.output
        let text = Self.read(output) { $0.contains("ACCEPT 127.0.0.1:") && $0.hasSuffix("\n") }
        let digits = text.split(separator: "ACCEPT 127.0.0.1:").last?.prefix { $0.isNumber }
        guard let digits, let port = UInt16(digits) else { throw ServerFailure(operation: "s_server", number: 0) }
        self.port = port
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        close(output)
        for name in ["cert.pem", "key.pem"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    /// Starts openssl with its standard output in a pipe.
    private static func spawn(_ arguments: [String]) throws -> (process: pid_t, output: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ServerFailure(operation: "pipe", number: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let texts = (["openssl"] + arguments).map { strdup($0) }
        defer { for text in texts { free(text) } }
        var process = pid_t()
        let status = posix_spawnp(&process, "openssl", &actions, nil, texts + [nil], environ)
        close(ends[1])
        guard status == 0 else { throw ServerFailure(operation: "openssl", number: status) }
        return (process, ends[0])
    }

    /// Reads until `isEnough` or the end.
    private static func read(_ pipe: Int32, until isEnough: (String) -> Bool) -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isEnough(text) {
            let count = Glibc.read(pipe, &buffer, buffer.count)
            if count <= 0 { break }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return text
    }
}
