import CCurl
import Glibc
import WatchCore

/// What is known about a transfer that libcurl gave up, and what it means: pure, so that every case can be tested.
struct FailureReport {
    var code: CURLcode
    /// The system's error of connect, send or receive; 0 when there was none.
    var systemError: Int32 = 0
    /// libcurl's own words.
    var text = ""
    var origin: Origin
    var timeLimit: Duration = .zero
    /// Whether any byte of an answer came.
    var hasAnswer = false
    /// Whether the request, or a part of it, was sent.
    var wasSent = false
    /// Addresses that the policy refused, and those that were tried.
    var refused: [IPAddress] = []
    var tried: [IPAddress] = []
    /// The error of socket(2); nil when sockets could be had.
    var socketError: Int32?
    /// Answer of the proxy to CONNECT; 0 when none was asked.
    var proxyStatus = 0
    var caFile: String?
    var network = LocalNetwork.current

    /// Kind and words.
    var failure: TransportFailure {
        if let socketError { return TransportFailure(.monitor, "socket: \(Self.name(socketError))") }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return nameFailure
        case CURLE_COULDNT_CONNECT: return connectFailure
        case CURLE_OPERATION_TIMEDOUT: return timeFailure
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM:
            return streamFailure
        default: return TransportFailure(Self.kind(of: code, wasSent: wasSent), "\(origin): \(words)")
        }
    }

    private var words: String {
        // libcurl's words for a header line beyond its own 100 kB are those for a lack of memory.
        if code == CURLE_OUT_OF_MEMORY, wasSent { return "a header line is longer than 100 KB" }
        let known = curl_easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
        let file = code == CURLE_SSL_CACERT_BADFILE ? caFile.map { " (caFile \($0))" } ?? "" : ""
        return (text.isEmpty ? known : text) + file
    }

    private var nameFailure: TransportFailure {
        network.resolverIsUsable
            ? TransportFailure(.nameNotFound, "\(origin.host): the name cannot be resolved")
            : TransportFailure(.resolverUnreachable, "\(origin.host): no name server can be reached from this machine")
    }

    private var connectFailure: TransportFailure {
        if tried.isEmpty, let address = refused.first { return Self.refusal(of: address, for: origin) }
        let place = tried.last.map { "\($0), port \(origin.port)" } ?? "\(origin)"
        let message = "\(place): \(systemError == 0 ? words : Self.name(systemError))"
        switch systemError {
        case ETIMEDOUT: return TransportFailure(.timedOut, message)
        case ECONNRESET: return TransportFailure(.connectionReset, message)
        case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL:
            return TransportFailure(isCutOff ? .noRoute : .connectionRefused, message)
        case EACCES, EPERM, ENOBUFS, ENOMEM: return TransportFailure(.monitor, message)
        default: return TransportFailure(.connectionRefused, message)
        }
    }

    /// Whether this machine has no way out at all for the kind of address that was tried.
    private var isCutOff: Bool { !network.hasDefaultRoute(like: tried.last) }

    private static let unresolved = "the name was not resolved"

    private var timeFailure: TransportFailure {
        let stage =
            tried.isEmpty && !wasSent
            ? Self.unresolved : wasSent ? "the answer did not end" : "no connection"
        let detail = hasAnswer || !wasSent ? stage : "no answer"
        let milliseconds = (timeLimit.seconds * 1000).rounded()
        // Whether the name or the resolver is to blame is found out by asking for another name.
        let kind: TransportFailure.Kind = stage == Self.unresolved ? .nameNotFound : .timedOut
        return TransportFailure(kind, "\(origin): \(detail) within \(milliseconds / 1000) s")
    }

    /// The connection broke. Libcurl's words tell broken framing from a broken connection; there is no code for it.
    private var streamFailure: TransportFailure {
        let lower = text.lowercased()
        if proxyStatus != 0, !(200..<300).contains(proxyStatus) {
            let isOurs = ![502, 503, 504].contains(proxyStatus)
            let message = "\(origin): the proxy answered \(proxyStatus) to CONNECT"
            return TransportFailure(isOurs ? .monitor : .connectionRefused, message)
        }
        if lower.holds("malformed") || lower.holds("chunk") && !lower.holds("outstanding") {
            return TransportFailure(.malformed, "\(origin): \(words)")
        }
        if lower.holds("alert") { return TransportFailure(.tlsHandshake, "\(origin): \(words)") }
        if code == CURLE_PARTIAL_FILE, hasAnswer { return TransportFailure(.truncated, "\(origin): \(words)") }
        if systemError == ECONNRESET || systemError == EPIPE || !hasAnswer {
            return TransportFailure(.connectionReset, "\(origin): \(words)")
        }
        return TransportFailure(.truncated, "\(origin): the connection ended before the answer did: \(words)")
    }
}

extension FailureReport {
    /// The kinds that the code alone tells.
    private static func kind(of code: CURLcode, wasSent: Bool) -> TransportFailure.Kind {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            .tlsVerification
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED: .tlsHandshake
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP_RETURNED_ERROR: .malformed
        // HTTP/0.9 is what libcurl takes an answer without a status line for.
        case CURLE_UNSUPPORTED_PROTOCOL where wasSent: .malformed
        // A single header line beyond libcurl's own 100 kB has no code of its own.
        case CURLE_OUT_OF_MEMORY where wasSent: .headersTooLarge
        case CURLE_ABORTED_BY_CALLBACK: .cancelled
        default: .monitor
        }
    }

    /// The policy refused `address`.
    static func refusal(of address: IPAddress, for origin: Origin) -> TransportFailure {
        let block = "\(address)/\(address.isIPv6 ? 128 : 32)"
        return TransportFailure(
            .addressRefused,
            "\(origin) is at \(address) (\(address.reach.rawValue)), which this target may not be asked at;"
                + " if it is meant, add `allowNetworks: [\(block)]`")
    }

    private static func name(_ number: Int32) -> String {
        String(cString: strerror(number))
    }
}
