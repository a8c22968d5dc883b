import CCurl
import WatchCore

/// Owns an easy handle: the options of one transfer at a time.
///
/// It knows what it was told for the transfer before, and tells libcurl only what is different now. Only the driver's
/// thread touches it.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// The transfer that uses it; libcurl's callbacks find it here.
    var transfer: Transfer?
    /// libcurl's own words about the last failure.
    private let errorText: UnsafeMutablePointer<CChar>
    /// The headers of its transfer: at an address of their own, since libcurl hands over line after line.
    let heads: UnsafeMutablePointer<Heads>
    /// The parsed URL, which libcurl only points to.
    private let parsed: OpaquePointer
    /// The header fields of the transfer under way, which libcurl only points to.
    private let lines = FieldLines()
    private var told = Told()
    /// Whether an option could not be set, so that nobody knows what the handle would do next.
    private(set) var isSpoilt = false
    private var listensAlways = false

    /// What a request says besides its header fields and its body; at first as libcurl has it by itself.
    private struct Told {
        /// None at first.
        var url = WebURL(scheme: "", host: "")
        /// The beginning of the URL.
        var origin = ""
        var isParsed = false
        var verb = Verb.get
        var method: String?
        var milliseconds = 0
        var isFresh = false
        var isObserved = false
    }

    /// How libcurl treats a request, whatever its method is called.
    enum Verb {
        case get, head
        /// With a body.
        case post
    }

    init() throws(CurlError) {
        pointer = try owned(curl_easy_init(), operation: "curl_easy_init")
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        parsed = try owned(curl_url(), operation: "curl_url")
        heads = .allocate(capacity: 1)
        heads.initialize(to: Heads())
        try set(CURLOPT_ERRORBUFFER, pointer: errorText)
        for option in Self.contextOptions { try set(option, pointer: context) }
    }

    deinit {
        // No callback may look for an object that is going away.
        for option in Self.contextOptions { try? set(option, pointer: nil) }
        curl_easy_cleanup(pointer)
        curl_url_cleanup(parsed)
        heads.deinitialize(count: 1)
        heads.deallocate()
        errorText.deallocate()
    }

    private static let contextOptions = [
        CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_DEBUGDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_PRIVATE,
    ]

    /// What libcurl hands to its callbacks.
    var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// The handle that a callback's context or `CURLOPT_PRIVATE` means.
    static func from(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
        context.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Source: curl_easy_setopt(3).
    func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try done(option, ccurl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) throws(CurlError) { try set(option, value ? 1 : 0) }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String?) throws(CurlError) {
        try done(option, ccurl_set_string(pointer, option, value))
    }

    func set(_ option: CURLoption, pointer value: UnsafeRawPointer?) throws(CurlError) {
        try done(option, ccurl_set_pointer(pointer, option, value))
    }

    private func done(_ option: CURLoption, _ code: CURLcode) throws(CurlError) {
        if code == CURLE_OK { return }
        isSpoilt = true
        try check(code, operation: "option \(option.rawValue)")
    }

    /// The URL to ask for, without user information and fragment.
    ///
    /// libcurl is given what it would make of the text, so that it neither parses it nor writes it anew for each
    /// request. A text that it cannot parse it gets as it is, and then says itself what is wrong.
    ///
    /// Source: CURLOPT_CURLU(3), curl_url_set(3).
    func set(url: WebURL) throws(CurlError) {
        if told.url.isAskedFor(like: url) { return }
        let hasSameOrigin = told.url.hasOrigin(of: url)
        if !hasSameOrigin || told.origin.isEmpty { told.origin = url.origin.description }
        let text = told.origin + url.requestTarget
        try set(CURLOPT_URL, text)
        if !hasSameOrigin || !told.isParsed || !exchange(url) {
            // The URL that was judged is the URL that is fetched.
            told.isParsed = curl_url_set(parsed, CURLUPART_URL, text, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK
        }
        try set(CURLOPT_CURLU, pointer: told.isParsed ? UnsafeRawPointer(parsed) : nil)
        told.url = url
    }

    /// Exchanges path and query in the parsed URL, which takes less than to parse another one. libcurl would write what
    /// is percent-encoded in another way, so it must be plain.
    ///
    /// - Returns: whether the parsed URL is the one that is meant.
    private func exchange(_ url: WebURL) -> Bool {
        guard url.path.isPlain, url.query?.isPlain ?? true else { return false }
        return curl_url_set(parsed, CURLUPART_PATH, url.path, 0) == CURLUE_OK
            && curl_url_set(parsed, CURLUPART_QUERY, url.query, 0) == CURLUE_OK
    }

    /// Time from connect to last byte.
    func set(milliseconds: Int) throws(CurlError) {
        if told.milliseconds == milliseconds { return }
        try set(CURLOPT_TIMEOUT_MS, milliseconds)
        told.milliseconds = milliseconds
    }

    func set(wantsFreshConnection isFresh: Bool) throws(CurlError) {
        if told.isFresh == isFresh { return }
        try set(CURLOPT_FRESH_CONNECT, isFresh)
        told.isFresh = isFresh
    }

    /// - Parameter method: the name to send; nil: the one that belongs to `verb`.
    func set(_ verb: Verb, named method: String?) throws(CurlError) {
        if told.verb != verb {
            // It takes back what the others set.
            try set(CURLOPT_HTTPGET, true)
            if verb == .head { try set(CURLOPT_NOBODY, true) }
            if verb == .post { try set(CURLOPT_POST, true) }
            told.verb = verb
        }
        if told.method == method { return }
        try set(CURLOPT_CUSTOMREQUEST, method)
        told.method = method
    }

    /// The header fields to send, which `write` adds.
    func setFields(_ write: (FieldLines) -> Void) throws(CurlError) {
        lines.removeAll()
        write(lines)
        try set(CURLOPT_HTTPHEADER, pointer: lines.head)
    }

    /// The body to send; libcurl copies it.
    func set(body: [UInt8]) throws(CurlError) {
        let size = ccurl_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        try done(CURLOPT_POSTFIELDSIZE_LARGE, size)
        let copied = body.withUnsafeBytes {
            // An empty array may have no address, and without one libcurl would ask a read function for the body.
            ccurl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(errorText))
        }
        try done(CURLOPT_COPYPOSTFIELDS, copied)
    }

    /// Lets libcurl tell what it does, which is costly: it writes a line about every step.
    ///
    /// Source: CURLOPT_VERBOSE(3).
    func set(isObserved: Bool) {
        if told.isObserved == isObserved || listensAlways { return }
        // It cannot fail.
        try? set(CURLOPT_VERBOSE, isObserved)
        told.isObserved = isObserved
    }

    /// For a libcurl that cannot say when there is something to hear.
    func listenAlways() {
        set(isObserved: true)
        listensAlways = true
    }

    /// What libcurl said about the failure, on one line; empty when it said nothing.
    var errorMessage: String { String(cString: errorText).oneLine }

    func clearError() { errorText.pointee = 0 }
}

extension WebURL {
    /// Whether both are asked for in the same words. What differs most often is looked at first.
    fileprivate func isAskedFor(like other: WebURL) -> Bool {
        path == other.path && query == other.query && hasOrigin(of: other)
    }

    fileprivate func hasOrigin(of other: WebURL) -> Bool {
        host == other.host && port == other.port && scheme == other.scheme
    }
}

extension String {
    /// Whether there is something, and nothing of it is percent-encoded.
    fileprivate var isPlain: Bool {
        var text = self
        return text.withUTF8 { !$0.isEmpty && !$0.contains(UInt8(ascii: "%")) }
    }
}
