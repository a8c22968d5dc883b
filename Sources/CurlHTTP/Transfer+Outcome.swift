import CCurl
import WatchCore

extension Transfer {
    /// What came of the transfer, once libcurl has ended it.
    ///
    /// - Parameters:
    ///   - code: how libcurl ended it.
    ///   - easy: its handle, which still knows times and addresses.
    func outcome(_ code: CURLcode, _ easy: EasyHandle) -> Result<HTTPResponse, TransportFailure> {
        noteTLS(easy)
        let head = easy.heads.pointee.received
        let isWhole = code == CURLE_OK || stop == .complete || answeredBeforeTheUploadEnded(code, easy)
        if isWhole, head.hasEnded, head.status != 0 { return .success(response(easy)) }
        var failure = failure(code, easy)
        if head.status != 0 { failure.partial = response(easy) }
        return .failure(failure)
    }

    /// An HTTP/2 peer may end its answer before it has read the whole request (RFC 9113 §8.1). libcurl 7.88 then takes
    /// the whole answer, goes on to send, finds the stream closed, and fails without a word; every other broken stream
    /// has one.
    private func answeredBeforeTheUploadEnded(_ code: CURLcode, _ easy: EasyHandle) -> Bool {
        guard code == CURLE_HTTP2_STREAM, request.body != nil, easy.errorMessage.isEmpty else { return false }
        let promised = easy.number(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
        return promised < 0 || promised == easy.number(CURLINFO_SIZE_DOWNLOAD_T)
    }

    private func failure(_ code: CURLcode, _ easy: EasyHandle) -> TransportFailure {
        let origin = request.url.origin
        switch stop {
        case .bodyTooLarge:
            return TransportFailure(.bodyTooLarge, "\(origin): the body is larger than \(Self.bodyLimit >> 20) MiB")
        case .headersTooLarge:
            return TransportFailure(
                .headersTooLarge, "\(origin): the header is larger than \(ResponseHead.limit >> 10) KiB")
        case .repetition:
            return TransportFailure(
                .connectionReset, "\(origin): the connection was closed without an answer; the request is not repeated")
        case .complete, nil: break
        }
        // libcurl takes a header that just ends for an answer without a body.
        if code == CURLE_OK {
            return TransportFailure(.truncated, "\(origin): the connection ended within the header")
        }
        return report(code, easy).failure
    }

    private func report(_ code: CURLcode, _ easy: EasyHandle) -> FailureReport {
        FailureReport(
            code: code, systemError: Int32(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO)), text: easy.errorMessage,
            origin: request.url.origin, timeLimit: timeLimit, hasAnswer: easy.heads.pointee.received.size > 0,
            wasSent: easy.heads.pointee.sent.reachedServer,
            refused: refused, tried: tried, socketError: socketError,
            proxyStatus: easy.long(CURLINFO_HTTP_CONNECTCODE), caFile: options.settings.caFile)
    }

    private func response(_ easy: EasyHandle) -> HTTPResponse {
        let head = easy.heads.pointee.received
        return HTTPResponse(
            status: head.status, reason: head.reason, version: version(easy), fields: head.fields, body: body,
            sentFields: easy.heads.pointee.sent.fields, phases: phases(easy),
            tls: request.url.scheme == "https" ? pool.tlsFacts[request.url.origin] : nil,
            remoteAddress: remoteAddress(easy))
    }

    private func remoteAddress(_ easy: EasyHandle) -> String? {
        guard let host = easy.string(CURLINFO_PRIMARY_IP), !host.isEmpty else { return nil }
        return pool.address(host: host, port: easy.long(CURLINFO_PRIMARY_PORT))
    }

    private func version(_ easy: EasyHandle) -> String {
        switch easy.long(CURLINFO_HTTP_VERSION) {
        case Int(CURL_HTTP_VERSION_1_0): "1.0"
        case Int(CURL_HTTP_VERSION_2_0): "2"
        default: "1.1"
        }
    }

    /// libcurl counts every time from the start; here each phase counts from the end of the one before.
    private func phases(_ easy: EasyHandle) -> HTTPPhases {
        var (phases, end) = (HTTPPhases(), Int64(0))
        phases.nameLookup = Self.phase(easy.number(CURLINFO_NAMELOOKUP_TIME_T), after: &end)
        phases.connect = Self.phase(easy.number(CURLINFO_CONNECT_TIME_T), after: &end)
        phases.tls = Self.phase(easy.number(CURLINFO_APPCONNECT_TIME_T), after: &end)
        phases.firstByte = Self.phase(easy.number(CURLINFO_STARTTRANSFER_TIME_T), after: &end)
        phases.transfer = Self.phase(easy.number(CURLINFO_TOTAL_TIME_T), after: &end)
        return phases
    }

    /// The phase that ended after `time` microseconds; `end` is where the one before did, and becomes its end.
    private static func phase(_ time: Int64, after end: inout Int64) -> Duration {
        defer { end = max(end, time) }
        return .microseconds(max(0, time - end))
    }

    /// Keeps what a new connection's handshake showed; a reused connection shows nothing any more.
    private func noteTLS(_ easy: EasyHandle) {
        guard let tlsVersion else { return }
        pool.tlsFacts[request.url.origin] = CertificateReader.facts(of: easy, version: tlsVersion)
    }
}
