import Glibc

/// Where the service manager listens for messages: a datagram socket with a path, or with an abstract name behind `@`.
///
/// Source: sd_notify(3), ENVIRONMENT; unix(7).
struct NotifyAddress: Sendable {
    private let name: [UInt8]

    /// The address in `NOTIFY_SOCKET`.
    init(_ variable: String) {
        let bytes = Array(variable.utf8)
        name = bytes.first == UInt8(ascii: "@") ? [0] + bytes.dropFirst() : bytes
    }

    /// Sends one datagram. The kernel puts our process id with it, by which the service manager knows us.
    ///
    /// - Throws: `SystemdError` when it cannot be sent.
    func send(_ text: String) throws(SystemdError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard name.count <= MemoryLayout.size(ofValue: address.sun_path) else { throw failed(ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failed(errno) }
        defer { close(descriptor) }
        // An abstract name is as long as the address says: zeros behind it would be part of it.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count + (name.first == 0 ? 0 : 1))
        let bytes = Array(text.utf8)
        let count = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, min(length, 110))
            }
        }
        guard count == bytes.count else { throw failed(errno) }
    }

    private func failed(_ code: Int32) -> SystemdError { SystemdError(operation: "notify", code: code) }
}
