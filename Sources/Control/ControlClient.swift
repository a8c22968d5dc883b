internal import JSONReader
package import WatchCore

/// Speaks with the running daemon. It blocks.
package struct ControlClient: Sendable {
    /// Where the daemon listens.
    package var path: String

    /// The client of the daemon that listens at `path`.
    package init(path: String) { self.path = path }

    /// Says a request and waits for its answer.
    ///
    /// - Parameters:
    ///   - request: `{"command": "…", …}`.
    ///   - timeout: until the whole answer must be there.
    /// - Returns: the answer; see `ControlAnswer`.
    /// - Throws: `ControlError`: `notRunning`, `notPermitted`, `noAnswer`, `system`.
    package func ask(_ request: JSON, timeout: Duration = .seconds(130)) throws(ControlError) -> JSON {
        let socket = LineSocket(try UnixSocket.connect(to: path), timeout: timeout)
        guard socket.write(request.bytes()), let line = socket.read(), let answer = try? JSON(parsing: line),
            answer["ok"]?.bool != nil
        else { throw ControlError(.noAnswer, "\(path): no answer that is understood within \(timeout.seconds) s") }
        return answer
    }
}
