import CCurl
import WatchCore

/// Reads the peer's certificate as libcurl tells it.
enum CertificateReader {
    /// What the handshake of the handle's connection agreed on.
    ///
    /// Source: CURLINFO_CERTINFO(3).
    static func facts(of easy: EasyHandle, version: String) -> TLSFacts {
        let values = leaf(easy)
        return TLSFacts(
            version: version, subject: values["Subject"] ?? "", issuer: values["Issuer"] ?? "",
            notBefore: values["Start date"].flatMap(expiry), notAfter: values["Expire date"].flatMap(expiry))
    }

    /// The fields of the peer's own certificate, the first of the chain.
    private static func leaf(_ easy: EasyHandle) -> [String: String] {
        var info: UnsafeMutablePointer<curl_certinfo>?
        guard ccurl_get_certificates(easy.pointer, &info) == CURLE_OK, let info, info.pointee.num_of_certs > 0
        else { return [:] }
        var values: [String: String] = [:]
        var entry = info.pointee.certinfo?.pointee
        while let node = entry {
            let wanted = ["Subject", "Issuer", "Start date", "Expire date"]
            if let data = node.pointee.data, let name = wanted.first(where: { starts(data, with: $0) }) {
                values[name] = String(cString: data + name.utf8.count + 1)
            }
            entry = node.pointee.next
        }
        return values
    }

    private static func starts(_ text: UnsafePointer<CChar>, with name: String) -> Bool {
        // The comparison ends at the first difference, so it does not read beyond the text's end.
        for (index, byte) in (name + ":").utf8.enumerated() where UInt8(bitPattern: text[index]) != byte {
            return false
        }
        return true
    }

    /// Reads `Nov  2 08:00:00 2026 GMT` (OpenSSL) or `2026-11-02 08:00:00 GMT` (other libraries).
    static func expiry(_ text: String) -> WallTime? {
        let words = text.split(separator: " ")
        if words.count == 3, words[2] == "GMT" { return WallTime(iso8601: "\(words[0])T\(words[1])Z") }
        guard words.count == 5, words[4] == "GMT" else { return nil }
        let day = words[1].count == 1 ? "0\(words[1])" : String(words[1])
        return WallTime(httpDate: "Mon, \(day) \(words[0]) \(words[3]) \(words[2]) GMT")
    }
}
