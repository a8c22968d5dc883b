import Glibc
import Testing
import WatchCore

@testable import CurlHTTP

/// A name server on loopback that gives each question the same kind of answer, or none.
private final class NameServer: Sendable {
    let socket: Int32
    let port: UInt16

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let loopback = try #require(IPAddress("127.0.0.1"))
        let descriptor = socket
        try #require(CurlHTTP.SocketAddress.with(loopback, port: 0) { bind(descriptor, $0, $1) } == 0)
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        port = UInt16(bigEndian: name.sin_port)
    }

    deinit { close(socket) }

    /// Answers one question with a response code.
    func answer(_ code: UInt8) {
        var question = [UInt8](repeating: 0, count: 512)
        var from = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &from) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let count = recvfrom(socket, &question, question.count, 0, address, &length)
                guard count >= 12 else { return }
                (question[2], question[3]) = (0x81, 0x80 | code)
                _ = sendto(socket, question, count, 0, address, length)
            }
        }
    }
}

@Suite struct ResolverProbeTests {
    /// One question and its answer, in one thread: a datagram on loopback is there as soon as it is sent.
    private func isAnswered(with code: UInt8?, as number: [UInt8] = [7, 9]) throws -> Bool {
        let server = try NameServer()
        let loopback = try #require(IPAddress("127.0.0.1"))
        let socket = try #require(ResolverProbe.ask((loopback, server.port), number + ResolverProbe.question))
        defer { close(socket) }
        if let code { server.answer(code) }
        return ResolverProbe.hasAnswer(socket, [7, 9])
    }

    @Test(arguments: [UInt8(0), 3])
    func believesAServerThatAnswers_beItThatThereIsNone(code: UInt8) throws {
        #expect(try isAnswered(with: code))
    }

    @Test(arguments: [UInt8(2), 5, nil])
    func takesAFailureARefusalAndSilenceForNone(code: UInt8?) throws {
        #expect(try !isAnswered(with: code))
    }

    @Test func leavesAnswersToOtherQuestionsAlone() throws {
        #expect(try !isAnswered(with: 0, as: [1, 2]))
    }
}
