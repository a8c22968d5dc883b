import CCurl
import WatchCore

/// The connections and resolved names of one run, and the handles that use them; other runs never see them.
///
/// Unchecked: only the driver's thread touches it, or, after that thread has ended, the last owner.
final class ConnectionPool: @unchecked Sendable {
    private var share: UnsafeMutableRawPointer?
    private var idle: [EasyHandle] = []
    private var resolved: FieldLines?
    /// Handles that were taken and not given back.
    private var inUse = 0
    /// What TLS agreed on when the connections were made; libcurl tells it only then.
    var tlsFacts: [Origin: TLSFacts] = [:]
    /// Where the last answer came from.
    private var peer = (host: "", port: 0, text: "")

    deinit { close() }

    /// A handle for one transfer, set up by `prepare` when it is a new one.
    func take(prepare: (EasyHandle) throws(CurlError) -> Void) throws(CurlError) -> EasyHandle {
        let easy: EasyHandle
        if let kept = idle.popLast() { easy = kept } else { easy = try makeHandle(prepare) }
        inUse += 1
        return easy
    }

    /// Names that need no resolver: `host:port:address`, kept as long as the handles that point to them.
    func resolve(_ entries: [String], on easy: EasyHandle) throws(CurlError) {
        if entries.isEmpty { return }
        let resolved = resolved ?? FieldLines()
        if self.resolved == nil { for entry in entries { resolved.add(entry) } }
        self.resolved = resolved
        try easy.set(CURLOPT_RESOLVE, pointer: resolved.head)
    }

    /// Takes back a handle that no transfer uses any more.
    ///
    /// - Parameter wasCut: whether its transfer ended before its answer did. Late frames of a cut HTTP/2 stream can
    ///   spoil the next one on that connection (seen with libcurl 7.88), so no connection is used after that.
    func give(back easy: EasyHandle, wasCut: Bool) {
        inUse -= 1
        if easy.isSpoilt { try? easy.set(CURLOPT_SHARE, pointer: nil) } else { idle.append(easy) }
        if wasCut, inUse == 0 { close() }
    }

    /// Address and port of a peer: `127.0.0.1:8000`.
    func address(host: String, port: Int) -> String {
        if peer.port == port, peer.host == host { return peer.text }
        peer = (host, port, "\(host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host):\(port)")
        return peer.text
    }

    private func makeHandle(_ prepare: (EasyHandle) throws(CurlError) -> Void) throws(CurlError) -> EasyHandle {
        let easy = try EasyHandle()
        try easy.set(CURLOPT_SHARE, pointer: try openShare())
        try prepare(easy)
        return easy
    }

    /// Whether nothing is held that libcurl would have to free.
    var isClosed: Bool { share == nil }

    /// Closes all connections; later transfers open new ones.
    func close() {
        // Whoever gave the last one back may hold it a little longer, and a share that is in use is not freed.
        for easy in idle { try? easy.set(CURLOPT_SHARE, pointer: nil) }
        idle = []
        if let share, curl_share_cleanup(share) == CURLSHE_OK { self.share = nil }
    }

    /// Source: CURLSHOPT_SHARE(3). It warns of sharing connections between threads; here there is only one.
    private func openShare() throws(CurlError) -> UnsafeMutableRawPointer {
        if let share { return share }
        let new = try owned(curl_share_init(), operation: "curl_share_init")
        share = new
        for data in [CURL_LOCK_DATA_CONNECT, CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_SSL_SESSION] {
            try check(ccurl_share(new, data), operation: "curl_share_setopt")
        }
        return new
    }
}
