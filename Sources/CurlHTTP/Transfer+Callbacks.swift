import CCurl
import Glibc
import WatchCore

// What libcurl calls on the driver's thread. The context is the handle, which outlives all calls. No callback traps; each
// returns the value that makes libcurl stop, and keeps the reason.

/// Source: CURLOPT_HEADERFUNCTION(3).
func receiveHeader(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let easy = EasyHandle.from(context) else { return 0 }
    let line = UnsafeRawBufferPointer(start: data, count: size * count)
    if easy.heads.pointee.takeReceived(line) { return line.count }
    easy.transfer?.stop = .headersTooLarge
    return 0
}

/// Source: CURLOPT_WRITEFUNCTION(3).
func receiveBody(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = Transfer.from(context) else { return 0 }
    let piece = UnsafeRawBufferPointer(start: data, count: size * count)
    // What comes after the asker has read enough is passed over.
    if transfer.stop == .complete { return piece.count }
    let room = Transfer.bodyLimit - transfer.body.count
    transfer.body.append(contentsOf: piece.prefix(room))
    if transfer.request.isComplete?(transfer.body) == true {
        transfer.complete()
        return piece.count
    }
    if piece.count <= room { return piece.count }
    transfer.stop = .bodyTooLarge
    return 0
}

/// Source: CURLOPT_DEBUGFUNCTION(3).
func observe(
    _ easy: UnsafeMutableRawPointer, _ kind: curl_infotype, _ data: UnsafeMutablePointer<CChar>?, _ size: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    let piece = UnsafeRawBufferPointer(start: data, count: size)
    switch kind {
    case CURLINFO_HEADER_OUT:
        guard let easy = EasyHandle.from(context) else { break }
        easy.heads.pointee.takeSent(piece)
        // What comes after the header is not looked at.
        if easy.heads.pointee.sent.isWhole { easy.set(isObserved: false) }
    case CURLINFO_TEXT where piece.starts(with: Transfer.tlsAnnouncement):
        Transfer.from(context)?.tlsVersion = Transfer.firstWord(piece.dropFirst(Transfer.tlsAnnouncement.count))
    default: break
    }
    return 0
}

/// A request is about to be sent.
///
/// Source: CURLOPT_PREREQFUNCTION(3).
func beginRequest(
    _ context: UnsafeMutableRawPointer?, _ address: UnsafeMutablePointer<CChar>?,
    _ ownAddress: UnsafeMutablePointer<CChar>?, _ port: Int32, _ ownPort: Int32
) -> Int32 {
    EasyHandle.from(context)?.set(isObserved: true)
    return 0
}

/// Source: CURLOPT_OPENSOCKETFUNCTION(3).
func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let easy = EasyHandle.from(context), let transfer = easy.transfer, let address else { return -1 }
    guard transfer.mayConnect(to: address, again: easy.heads.pointee.sent.reachedServer) else { return -1 }
    // Only now and here the TLS version is told, and what goes to a proxy.
    easy.set(isObserved: true)
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    let socket = socket(address.pointee.family, kind, address.pointee.protocol)
    if socket < 0 { transfer.socketError = errno }
    return socket
}

extension Transfer {
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        EasyHandle.from(context)?.transfer
    }

    /// How libcurl's account of a handshake begins; there is no other way to the version without OpenSSL's own API.
    fileprivate static let tlsAnnouncement = Array("SSL connection using ".utf8)

    fileprivate static func firstWord(_ text: Slice<UnsafeRawBufferPointer>) -> String {
        String(decoding: text.prefix { $0 > 32 }, as: UTF8.self)
    }

    /// The policy's answer. A proxy is the operator's own choice and makes the connection itself.
    ///
    /// - Parameter again: whether the request was sent already.
    fileprivate func mayConnect(to target: UnsafeMutablePointer<curl_sockaddr>, again: Bool) -> Bool {
        // After an idle connection turned out to be closed, libcurl sends again on a new one. That is right only for
        // methods that may be repeated (RFC 9110 §9.2.2): a code or refresh token shown twice ends its whole chain.
        if again, !["GET", "HEAD", "OPTIONS", "DELETE", "PUT"].contains(request.method) {
            stop = .repetition
            return false
        }
        guard let (address, port) = SocketAddress.read(target) else { return false }
        guard options.hasProxy || options.policy.permits(address, port: port, for: request.url.origin)
        else {
            refused.append(address)
            return false
        }
        tried.append(address)
        return true
    }
}
