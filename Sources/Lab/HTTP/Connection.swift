import Glibc
import WatchCore

/// One connection, served on a thread of its own until either side ends it.
final class Connection {
    /// What a handler decides about a request.
    struct Reply: Sendable {
        var response: LabResponse
        var fault: TransportFault?
        var closes = false
        /// How long the answer takes.
        var delay: Duration = .zero
    }

    /// How long a client may be silent.
    private static let idleTimeout: Duration = .seconds(60)

    private let descriptor: Int32
    private let stop: StopSignal
    private let dripPause: Duration
    private var parser = RequestParser()

    /// Takes over a connected socket; it is closed at the end.
    init(descriptor: Int32, stop: StopSignal, dripPause: Duration) {
        self.descriptor = descriptor
        self.stop = stop
        self.dripPause = dripPause
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Serves requests one after the other.
    func serve(date: () -> WallTime, handler: (LabRequest) -> Reply) {
        while true {
            do throws(RequestError) {
                guard let request = try nextRequest() else { return }
                let reply = handler(request)
                guard reply.delay == .zero || waitUnlessGone(reply.delay) else { return }
                let closes = reply.closes || !request.keepsAlive
                let plan = Delivery(
                    reply.response, fault: reply.fault, isHead: request.method == "HEAD", closes: closes, date: date())
                guard plan.steps.allSatisfy({ take($0) }), !plan.closes else { return }
            } catch {
                let response = LabResponse.text("\(error)\n", status: error.rawValue)
                _ = Delivery(response, fault: nil, closes: true, date: date()).steps.allSatisfy({ take($0) })
                return
            }
        }
    }

    /// - Returns: nil when the client is gone or silent, or the server stops.
    private func nextRequest() throws(RequestError) -> LabRequest? {
        while true {
            if let request = try parser.next() { return request }
            guard let bytes = receive(timeout: Self.idleTimeout), !bytes.isEmpty else { return nil }
            parser.append(bytes)
        }
    }

    /// - Returns: empty when the client closed; nil when the time is over, the connection broke or the server stops.
    private func receive(timeout: Duration?) -> [UInt8]? {
        guard let ready = stop.wait(for: [descriptor], POLLIN, timeout: timeout), !ready.isEmpty else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            return count >= 0 ? Array(buffer.prefix(count)) : nil
        }
    }

    /// - Returns: whether the connection still stands.
    private func take(_ step: Delivery.Step) -> Bool {
        switch step {
        case .send(let bytes): return send(bytes)
        case .drip(let bytes):
            return bytes.allSatisfy { send([$0]) && waitUnlessGone(dripPause) }
        case .comments:
            while send(ChunkedBody.encode(Array(": still here\n\n".utf8))), waitUnlessGone(.seconds(1)) {}
            return false
        case .hang:
            while waitUnlessGone(.seconds(60)) {}
            return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            return false
        }
    }

    /// Lets time pass.
    ///
    /// - Returns: false as soon as the client closes or the server stops.
    private func waitUnlessGone(_ pause: Duration) -> Bool {
        guard let ready = stop.wait(for: [descriptor], POLLIN, timeout: pause) else { return false }
        guard !ready.isEmpty else { return true }
        var byte: UInt8 = 0
        guard recv(descriptor, &byte, 1, Int32(MSG_PEEK)) > 0 else { return false }
        // A request that was sent ahead waits in the socket; poll would not wait again, so this does.
        return stop.wait(for: [], POLLIN, timeout: pause) != nil
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let ready = stop.wait(for: [descriptor], POLLOUT, timeout: Self.idleTimeout), !ready.isEmpty else {
                return false
            }
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
