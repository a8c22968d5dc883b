import CCurl

/// Owns the multi handle: all transfers of the process.
///
/// Unchecked: all calls are made by the driver's thread, except `wake`, which libcurl allows from any thread.
final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer
    /// Longest wait in one poll, in milliseconds; nothing depends on it.
    private static let longestWait: Int32 = 3_600_000

    init() throws(CurlError) {
        pointer = try owned(curl_multi_init(), operation: "curl_multi_init")
    }

    deinit { curl_multi_cleanup(pointer) }

    func add(_ easy: EasyHandle) throws(CurlError) {
        try check(curl_multi_add_handle(pointer, easy.pointer), operation: "curl_multi_add_handle")
    }

    func remove(_ easy: EasyHandle) throws(CurlError) {
        try check(curl_multi_remove_handle(pointer, easy.pointer), operation: "curl_multi_remove_handle")
    }

    /// Does what can be done without waiting.
    func perform() throws(CurlError) {
        var running: Int32 = 0
        try check(curl_multi_perform(pointer, &running), operation: "curl_multi_perform")
    }

    /// Waits for the network, for a time-out of libcurl's own, for `wake`, or for `milliseconds`.
    func wait(atMost milliseconds: Int32?) throws(CurlError) {
        let limit = milliseconds ?? Self.longestWait
        try check(curl_multi_poll(pointer, nil, 0, limit, nil), operation: "curl_multi_poll")
    }

    /// Ends the wait under way, or the next one.
    ///
    /// Source: curl_multi_wakeup(3).
    func wake() {
        // It fails only for a handle that is none.
        _ = curl_multi_wakeup(pointer)
    }

    /// The next transfer that has ended, and how.
    func nextFinished() -> (easy: EasyHandle, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left) {
            var context: UnsafeMutableRawPointer?
            guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle,
                ccurl_get_context(pointer, &context) == CURLE_OK, let easy = EasyHandle.from(context)
            else { continue }
            return (easy, message.pointee.data.result)
        }
        return nil
    }
}
