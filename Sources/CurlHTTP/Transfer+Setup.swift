import CCurl
import WatchCore

extension Transfer {
    /// Sets on a new handle what stays the same for all transfers of a run.
    func prepare(_ easy: EasyHandle) throws(CurlError) {
        try check(ccurl_set_web_protocols(easy.pointer), operation: "protocols")
        try check(ccurl_set_quick_exit(easy.pointer), operation: "quick exit")
        try easy.set(CURLOPT_NOSIGNAL, true)
        try easy.set(CURLOPT_FOLLOWLOCATION, false)
        // The URL that was judged is the URL that is fetched.
        try easy.set(CURLOPT_PATH_AS_IS, true)
        try easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip")
        try easy.set(CURLOPT_USERAGENT, options.userAgent)
        try easy.set(CURLOPT_MAXAGE_CONN, Int(options.longestIdle.components.seconds))
        try prepareRoute(easy)
        try prepareTLS(easy)
        try prepareCallbacks(easy)
    }

    private func prepareRoute(_ easy: EasyHandle) throws(CurlError) {
        // An empty text turns off the environment's proxy, and its list of hosts that need none.
        try easy.set(CURLOPT_PROXY, options.settings.proxy?.description ?? "")
        try easy.set(CURLOPT_NOPROXY, "")
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        switch options.settings.ipVersion {
        case .any: try easy.set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_WHATEVER))
        case .v4: try easy.set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V4))
        case .v6: try easy.set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V6))
        }
        try pool.resolve(options.settings.resolve, on: easy)
    }

    private func prepareTLS(_ easy: EasyHandle) throws(CurlError) {
        try easy.set(CURLOPT_SSL_VERIFYPEER, true)
        try easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        try easy.set(CURLOPT_CERTINFO, true)
        try check(ccurl_set_ca_cache(easy.pointer, 3_600), operation: "CA cache")
        if let file = options.settings.caFile { try easy.set(CURLOPT_CAINFO, file) }
        // Only the file counts then; and libcurl keeps parsed certificates only when there is no directory.
        if options.settings.caFile != nil || CurlLibrary.hasDefaultCAFile { try easy.set(CURLOPT_CAPATH, nil) }
    }

    private func prepareCallbacks(_ easy: EasyHandle) throws(CurlError) {
        try check(ccurl_set_data_function(easy.pointer, CURLOPT_HEADERFUNCTION, receiveHeader), operation: "header")
        try check(ccurl_set_data_function(easy.pointer, CURLOPT_WRITEFUNCTION, receiveBody), operation: "write")
        try check(ccurl_set_debug_function(easy.pointer, observe), operation: "debug")
        try check(ccurl_set_socket_function(easy.pointer, openSocket), operation: "socket")
        try easy.set(CURLOPT_VERBOSE, true)
    }

    /// Sets what is particular to this request.
    func configure(_ easy: EasyHandle) throws(CurlError) {
        easy.clearError()
        // User information in a URL is not sent; the fragment never is.
        try easy.set(CURLOPT_URL, "\(request.url.origin)\(request.url.requestTarget)")
        let limit = timeLimit.nanoseconds / 1_000_000
        try easy.set(CURLOPT_TIMEOUT_MS, max(1, Int(limit)))
        try easy.set(CURLOPT_FRESH_CONNECT, request.wantsFreshConnection)
        try configureMethod(easy)
        try easy.set(fields: StringList(fieldLines))
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        for option in Self.contextOptions { try easy.set(option, pointer: context) }
    }

    private func configureMethod(_ easy: EasyHandle) throws(CurlError) {
        try easy.set(CURLOPT_HTTPGET, true)
        var custom: String? = request.method
        switch request.method {
        case "GET" where request.body == nil: custom = nil
        case "HEAD":
            try easy.set(CURLOPT_NOBODY, true)
            custom = nil
        case "POST":
            try easy.set(CURLOPT_POST, true)
            try easy.set(body: request.body?.bytes ?? [])
            custom = nil
        default:
            if let body = request.body {
                try easy.set(CURLOPT_POST, true)
                try easy.set(body: body.bytes)
            }
        }
        try easy.set(CURLOPT_CUSTOMREQUEST, custom)
    }

    /// Source: CURLOPT_HTTPHEADER(3): a name alone removes libcurl's own field, a semicolon sends an empty one.
    private var fieldLines: [String] {
        var lines = ["Expect:"]
        lines.reserveCapacity(request.fields.fields.count + 2)
        if let body = request.body, request.fields["content-type"] == nil {
            lines.append("Content-Type: \(body.contentType)")
        } else if request.body == nil {
            lines.append("Content-Type:")
        }
        for field in request.fields.fields {
            lines.append(field.value.isEmpty ? field.name + ";" : field.name + ": " + field.value)
        }
        return lines
    }

    /// Takes this transfer's address out of the handle, before the handle is given back.
    func detach(_ easy: EasyHandle) throws(CurlError) {
        for option in Self.contextOptions { try easy.set(option, pointer: nil) }
        try easy.set(fields: nil)
    }

    private static let contextOptions = [
        CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_DEBUGDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_PRIVATE,
    ]
}
