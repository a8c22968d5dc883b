import CCurl

/// Owns an easy handle: the options of one transfer at a time.
///
/// Only the driver's thread touches it.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// libcurl's own words about the last failure.
    private let errorText: UnsafeMutablePointer<CChar>
    /// The header fields of the transfer under way, which libcurl only points to.
    private var fields: StringList?

    init() throws(CurlError) {
        pointer = try owned(curl_easy_init(), operation: "curl_easy_init")
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try set(CURLOPT_ERRORBUFFER, pointer: errorText)
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorText.deallocate()
    }

    /// Source: curl_easy_setopt(3).
    func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try check(ccurl_set_long(pointer, option, value), operation: "option \(option.rawValue)")
    }

    func set(_ option: CURLoption, _ value: Bool) throws(CurlError) { try set(option, value ? 1 : 0) }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String?) throws(CurlError) {
        try check(ccurl_set_string(pointer, option, value), operation: "option \(option.rawValue)")
    }

    func set(_ option: CURLoption, pointer value: UnsafeRawPointer?) throws(CurlError) {
        try check(ccurl_set_pointer(pointer, option, value), operation: "option \(option.rawValue)")
    }

    /// The header fields to send; kept until the next call.
    func set(fields list: StringList?) throws(CurlError) {
        try set(CURLOPT_HTTPHEADER, pointer: list?.head)
        fields = list
    }

    /// The body to send; libcurl copies it.
    func set(body: [UInt8]) throws(CurlError) {
        let size = ccurl_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        try check(size, operation: "body size")
        let copied = body.withUnsafeBytes {
            // An empty array may have no address, and without one libcurl would ask a read function for the body.
            ccurl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(errorText))
        }
        try check(copied, operation: "body")
    }

    /// Source: curl_easy_getinfo(3).
    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    func number(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        return ccurl_get_offset(pointer, info, &value) == CURLE_OK ? Int64(value) : 0
    }

    func string(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        guard ccurl_get_string(pointer, info, &value) == CURLE_OK else { return nil }
        return value.map { String(cString: $0) }
    }

    /// What libcurl said about the failure, on one line; empty when it said nothing.
    var errorMessage: String { String(cString: errorText).oneLine }

    func clearError() { errorText.pointee = 0 }
}

extension String {
    /// Without control characters, which a peer may have put into a message.
    var oneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
            .trimmingSpacesAtEnd
    }

    private var trimmingSpacesAtEnd: String {
        String(decoding: utf8.reversed().drop { $0 == 32 }.reversed(), as: UTF8.self)
    }
}
