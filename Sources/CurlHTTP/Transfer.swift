import CCurl
import Synchronization
import WatchCore

/// One request on its way, and what has come of its answer.
///
/// Unchecked: made by the task that asks; from `CurlDriver.submit` until that task is woken only the driver's thread
/// touches it. `cancelled` alone is read and written by both.
final class Transfer: @unchecked Sendable {
    /// Why a callback of ours stopped the transfer.
    enum Stop: Equatable {
        /// The asker has read enough.
        case complete
        case bodyTooLarge
        case headersTooLarge
        /// libcurl was about to send a request a second time that may have been acted upon.
        case repetition
    }

    /// More bytes of a decoded body than this are not taken.
    static let bodyLimit = 1 << 20
    /// How long a peer may take to end an answer of which enough was read. Most end it at once, and then the
    /// connection can be used again.
    private static let grace: Duration = .milliseconds(20)

    let request: HTTPRequest
    let options: TransferOptions
    let pool: ConnectionPool
    let cancelled = Atomic<Bool>(false)
    /// The asker, who waits.
    private var asker: UnsafeContinuation<Void, Never>?
    /// What the asker gets, once it was woken.
    private var result: Result<HTTPResponse, TransportFailure>?

    var easy: EasyHandle?
    var body: [UInt8] = []
    var tlsVersion: String?
    var stop: Stop?
    /// When the transfer ends although the peer has not ended it; nil while more is to be read.
    private(set) var graceEnd: Instant?
    /// Addresses that the policy refused.
    var refused: [IPAddress] = []
    /// Addresses that were tried.
    var tried: [IPAddress] = []
    /// The error of socket(2), when no socket could be had.
    var socketError: Int32?

    init(_ request: HTTPRequest, options: TransferOptions, pool: ConnectionPool) {
        self.request = request
        self.options = options
        self.pool = pool
    }

    /// Lets `asker` wait; before the driver gets the transfer.
    func wake(_ asker: UnsafeContinuation<Void, Never>) { self.asker = asker }

    /// The result, for the asker who was woken.
    func takeResult() -> Result<HTTPResponse, TransportFailure> {
        var taken: Result<HTTPResponse, TransportFailure>?
        swap(&taken, &result)
        return taken ?? .failure(TransportFailure(.monitor, "a request ended without a result"))
    }

    /// The asker has read enough.
    func complete() {
        stop = .complete
        graceEnd = SystemClock().now + Self.grace
    }

    /// Hands the result to the asker, once.
    func resume(_ result: consuming Result<HTTPResponse, TransportFailure>) {
        guard let asker else { return }
        self.asker = nil
        self.result = result
        asker.resume()
    }

    /// Time for this request, from connect to last byte.
    var timeLimit: Duration { min(options.timeout, request.timeLimit ?? options.timeout) }
}
