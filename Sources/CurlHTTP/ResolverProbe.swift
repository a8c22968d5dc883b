import Glibc
import WatchCore

/// Asks the name servers of this machine a question that has nothing to do with any target: who serves the root zone?
/// When none of them answers it, a name that cannot be resolved says nothing about the target.
///
/// Source: RFC 1035 §4.1; RFC 9520.
struct ResolverProbe: Sendable {
    /// A recursive server has this at hand; glibc itself waits for five seconds.
    private static let patience: Duration = .seconds(2)
    private static let step: Duration = .milliseconds(20)
    /// `. NS`, recursion desired; its number is put before.
    static let question: [UInt8] = [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]

    let servers: [(address: IPAddress, port: UInt16)]

    /// The servers of `resolv.conf`.
    init(_ network: LocalNetwork) { servers = network.nameServers.map { ($0, 53) } }

    /// Whether any server answers within two seconds, be it that there is no such name.
    func isAnswered() async -> Bool {
        let number = UInt16.random(in: 0...UInt16.max)
        let head = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
        let sockets = servers.compactMap { Self.ask($0, head + Self.question) }
        defer { sockets.forEach { _ = close($0) } }
        let clock = ContinuousClock()
        let end = clock.now + Self.patience
        while !sockets.isEmpty, clock.now < end, !Task.isCancelled {
            if sockets.contains(where: { Self.hasAnswer($0, head) }) { return true }
            try? await clock.sleep(for: Self.step)
        }
        return false
    }

    /// Sends the question.
    ///
    /// - Returns: the socket to which the answer comes; nil when the question cannot be sent.
    static func ask(_ server: (address: IPAddress, port: UInt16), _ question: [UInt8]) -> Int32? {
        let family = server.address.isIPv6 ? AF_INET6 : AF_INET
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let socket = socket(family, kind, 0)
        guard socket >= 0 else { return nil }
        let isConnected = SocketAddress.with(server.address, port: server.port) { connect(socket, $0, $1) } == 0
        guard isConnected, send(socket, question, question.count, Int32(MSG_NOSIGNAL)) == question.count else {
            close(socket)
            return nil
        }
        return socket
    }

    /// Whether an answer to the question has come; does not wait.
    static func hasAnswer(_ socket: Int32, _ head: [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1_500, alignment: 1) { buffer in
            let count = recv(socket, buffer.baseAddress, buffer.count, 0)
            guard count >= 12, buffer[0] == head[0], buffer[1] == head[1], buffer[2] & 0x80 != 0 else { return false }
            // A server that fails or refuses helps nobody: only “here it is” and “there is none” are answers.
            return [0, 3].contains(buffer[3] & 0x0f)
        }
    }
}
