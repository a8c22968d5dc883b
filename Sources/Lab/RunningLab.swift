import Glibc
import WatchCore

/// The sockets and threads of a lab that runs.
final class RunningLab: Sendable {
    /// Connections served at one time; more are closed at once.
    private static let connectionLimit = 256

    let ports: (here: UInt16, elsewhere: UInt16)
    private let lab: ListeningSocket
    private let elsewhere: ListeningSocket
    private let stopSignal: StopSignal
    private let threads = ThreadGroup()
    private let dripPause: Duration

    /// Opens the two listening sockets; the second gets any free port.
    init(host: String, port: UInt16, dripPause: Duration) throws(LabError) {
        lab = try ListeningSocket(host: host, port: port)
        elsewhere = try ListeningSocket(host: host, port: 0)
        stopSignal = try StopSignal()
        ports = (lab.port, elsewhere.port)
        self.dripPause = dripPause
    }

    /// Accepts and serves until `stop()`.
    func serve(
        date: @escaping @Sendable () -> WallTime,
        handler: @escaping @Sendable (LabRequest, RecordedRequest.Listener) -> Connection.Reply
    ) {
        _ = threads.run {
            while let ready = self.stopSignal.wait(
                for: [self.lab.descriptor, self.elsewhere.descriptor], POLLIN, timeout: nil)
            {
                for listener in [self.lab, self.elsewhere] where ready.contains(listener.descriptor) {
                    let name: RecordedRequest.Listener = listener === self.lab ? .lab : .elsewhere
                    self.acceptOne(from: listener, date: date) { handler($0, name) }
                }
            }
        }
    }

    /// Ends all connections and waits for the threads.
    func stop() {
        stopSignal.raise()
        threads.waitUntilEmpty()
    }

    private func acceptOne(
        from listener: ListeningSocket, date: @escaping @Sendable () -> WallTime,
        handler: @escaping @Sendable (LabRequest) -> Connection.Reply
    ) {
        guard let descriptor = listener.accept() else { return }
        let (stopSignal, dripPause) = (stopSignal, dripPause)
        let isServed = threads.run(limit: Self.connectionLimit) {
            let connection = Connection(descriptor: descriptor, stop: stopSignal, dripPause: dripPause)
            connection.serve(date: date, handler: handler)
        }
        if !isServed { close(descriptor) }
    }
}
