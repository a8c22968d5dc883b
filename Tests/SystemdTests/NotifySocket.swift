import Glibc

/// What a service manager listens on: a datagram socket in a directory of its own.
final class NotifySocket {
    enum Failure: Error { case system(String, Int32) }

    let path: String
    private let directory: String
    private let descriptor: Int32

    convenience init() throws(Failure) {
        var template = Array("/tmp/oauthwatch-notify-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system("mkdtemp", errno) }
        let directory = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        try self.init(path: "\(directory)/notify", directory: directory)
    }

    /// A socket with a name of no file.
    convenience init(abstract name: String) throws(Failure) { try self.init(path: "\0\(name)", directory: "") }

    private init(path: String, directory: String) throws(Failure) {
        self.path = path
        self.directory = directory
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = directory.isEmpty ? 2 + path.utf8.count : MemoryLayout<sockaddr_un>.size
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { [descriptor] in
                bind(descriptor, $0, socklen_t(length))
            }
        }
        guard status == 0 else { throw .system("bind", errno) }
    }

    deinit {
        close(descriptor)
        unlink(path)
        rmdir(directory)
    }

    /// The next datagram; nil when none is there.
    func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}
