import CCurl

extension EasyHandle {
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
