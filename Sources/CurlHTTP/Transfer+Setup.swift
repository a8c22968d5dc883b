import CCurl
import WatchCore

extension Transfer {
    /// Sets on a new handle what stays the same for all transfers of a run.
    func prepare(_ easy: EasyHandle) throws(CurlError) {
        try check(ccurl_set_web_protocols(easy.pointer), operation: "protocols")
        try check(ccurl_set_quick_exit(easy.pointer), operation: "quick exit")
        try easy.set(CURLOPT_NOSIGNAL, true)
        try easy.set(CURLOPT_FOLLOWLOCATION, false)
        try easy.set(CURLOPT_PATH_AS_IS, true)
        try easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip")
        try easy.set(CURLOPT_MAXAGE_CONN, Int(options.longestIdle.components.seconds))
        try prepareRoute(easy)
        try prepareTLS(easy)
        try prepareCallbacks(easy)
    }

    private func prepareRoute(_ easy: EasyHandle) throws(CurlError) {
        // An empty text turns off the environment's proxy, and its list of hosts that need none.
        try easy.set(CURLOPT_PROXY, options.settings.proxy?.description ?? "")
        try easy.set(CURLOPT_NOPROXY, "")
        if options.hasProxy { try easy.set(CURLOPT_USERAGENT, options.userAgent) }
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
        // A libcurl that does not announce requests is listened to all the time.
        let code = ccurl_set_request_function(easy.pointer, beginRequest, easy.context)
        if code != CURLE_OK { easy.listenAlways() }
    }

    /// Sets what is particular to this request.
    func configure(_ easy: EasyHandle) throws(CurlError) {
        easy.clearError()
        easy.heads.pointee.begin()
        try easy.set(url: request.url)
        try easy.set(milliseconds: max(1, Int(timeLimit.nanoseconds / 1_000_000)))
        try easy.set(wantsFreshConnection: request.wantsFreshConnection)
        let bodySize = try configureMethod(easy)
        try easy.setFields { addFields(to: $0, bodySize: bodySize) }
    }

    /// - Returns: the size of the body.
    private func configureMethod(_ easy: EasyHandle) throws(CurlError) -> Int {
        let body = request.body?.bytes
        switch request.method {
        case "GET" where body == nil: try easy.set(.get, named: nil)
        case "HEAD":
            try easy.set(.head, named: nil)
            return 0
        case "POST": try easy.set(.post, named: nil)
        default: try easy.set(body == nil ? .get : .post, named: request.method)
        }
        if body != nil || request.method == "POST" { try easy.set(body: body ?? []) }
        return body?.count ?? 0
    }

    /// Source: CURLOPT_HTTPHEADER(3): a name alone removes libcurl's own field, a semicolon sends an empty one.
    private func addFields(to lines: FieldLines, bodySize: Int) {
        // A proxy is told who asks, too, and libcurl puts a field of its own between these.
        if !options.hasProxy { addOwnFields(to: lines) }
        // Before a large body libcurl would ask whether it is welcome.
        if bodySize > 1_024 { lines.add("Expect:") }
        if let body = request.body {
            if request.fields["content-type"] == nil { lines.add("Content-Type", ": ", body.contentType) }
        } else if request.method == "POST" {
            lines.add("Content-Type:")
        }
        for field in request.fields.fields {
            if field.value.isEmpty { lines.add(field.name, ";") } else { lines.add(field.name, ": ", field.value) }
        }
    }

    /// The fields that libcurl would add by itself, in its order; it takes longer for them than for ours.
    private func addOwnFields(to lines: FieldLines) {
        if !options.userAgent.isEmpty, request.fields["user-agent"] == nil {
            lines.add("User-Agent", ": ", options.userAgent)
        }
        if request.fields["accept"] == nil { lines.add("Accept: */*") }
        if request.fields["accept-encoding"] == nil { lines.add("Accept-Encoding: gzip") }
    }
}
