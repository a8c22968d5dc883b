import CCurl

/// Owns a list of strings as libcurl takes it.
final class StringList {
    private(set) var head: UnsafeMutablePointer<curl_slist>?

    init(_ strings: [String]) throws(CurlError) {
        for string in strings { head = try owned(curl_slist_append(head, string), operation: "curl_slist_append") }
    }

    deinit { curl_slist_free_all(head) }
}
