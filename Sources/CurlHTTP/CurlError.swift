import CCurl

/// A call of libcurl that did not work.
struct CurlError: Error, CustomStringConvertible {
    /// The function or option that failed.
    var operation: String
    /// libcurl's own words.
    var text: String

    var description: String { "libcurl: \(operation): \(text)" }
}

/// Throws unless `code` is success.
///
/// Source: libcurl-errors(3).
func check(_ code: CURLcode, operation: @autoclosure () -> String) throws(CurlError) {
    if code == CURLE_OK { return }
    throw CurlError(operation: operation(), text: curl_easy_strerror(code).map { String(cString: $0) } ?? "?")
}

/// Throws unless `code` is success.
///
/// Source: libcurl-errors(3).
func check(_ code: CURLMcode, operation: @autoclosure () -> String) throws(CurlError) {
    if code == CURLM_OK { return }
    throw CurlError(operation: operation(), text: curl_multi_strerror(code).map { String(cString: $0) } ?? "?")
}

/// Throws unless `code` is success.
///
/// Source: libcurl-errors(3).
func check(_ code: CURLSHcode, operation: @autoclosure () -> String) throws(CurlError) {
    if code == CURLSHE_OK { return }
    throw CurlError(operation: operation(), text: curl_share_strerror(code).map { String(cString: $0) } ?? "?")
}

/// The pointer that libcurl returned; nil means that memory ran out.
func owned<Pointer>(_ pointer: Pointer?, operation: String) throws(CurlError) -> Pointer {
    guard let pointer else { throw CurlError(operation: operation, text: "out of memory") }
    return pointer
}
