import CCurl
import Glibc

/// libcurl as a whole.
enum CurlLibrary {
    /// Starts libcurl once for the process.
    ///
    /// OpenSSL is started before, without its atexit handler: that one would free what connections still use when the
    /// process ends while a transfer is under way.
    ///
    /// The variable that makes libcurl write the keys of every TLS connection into a file is taken away first.
    ///
    /// Source: curl_global_init(3), OPENSSL_init_crypto(3), libcurl-env(3).
    static func start() throws(CurlError) {
        unsetenv("SSLKEYLOGFILE")
        try check(started, operation: "curl_global_init")
    }

    private static let started: CURLcode = {
        guard OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1 else { return CURLE_FAILED_INIT }
        return curl_global_init(Int(CURL_GLOBAL_ALL))
    }()

    /// Whether libcurl was built with a file of CA certificates as its default.
    ///
    /// Source: curl_version_info(3).
    static let hasDefaultCAFile = curl_version_info(CURLVERSION_SEVENTH)?.pointee.cainfo != nil
}
