import WatchCore

/// The entries of a form, ready to be written in any of the three encodings.
///
/// Source: HTML §4.10.21.5 to §4.10.21.8.
struct FormBody {
    private let entries: [HTMLForm.Entry]
    private let encoding: PageEncoding

    init(_ entries: [HTMLForm.Entry], _ encoding: PageEncoding) {
        self.entries = entries.map {
            HTMLForm.Entry(
                name: $0.name.withNetworkLineEnds, value: $0.value.withNetworkLineEnds, isFile: $0.isFile)
        }
        self.encoding = encoding
    }

    /// Name and value of each entry; a file's value is its empty name.
    var pairs: [FormPair] { entries.map { FormPair($0.name, $0.value) } }

    /// As it stands in a query, or in a body of the common type.
    var urlencoded: [UInt8] {
        if encoding == .utf8 { return Array(FormPair.encode(pairs).utf8) }
        let parts = pairs.map { pair in
            [pair.name, pair.value].map { encoding.encode($0).reduce(into: "") { $0 += Self.formByte($1) } }
        }
        return Array(parts.map { $0.joined(separator: "=") }.joined(separator: "&").utf8)
    }

    /// As the body of a POST.
    ///
    /// - Parameter type: `multipart/form-data`, `text/plain`; anything else is `application/x-www-form-urlencoded`.
    func encoded(as type: String) -> RequestBody {
        switch type {
        case "multipart/form-data": multipart
        case "text/plain":
            .bytes(pairs.flatMap { encoding.encode("\($0.name)=\($0.value)\r\n") }, contentType: "text/plain")
        default:
            encoding == .utf8 || pairs.allSatisfy(\.isASCII)
                ? .form(pairs) : .bytes(urlencoded, contentType: "application/x-www-form-urlencoded")
        }
    }

    private static func formByte(_ byte: UInt8) -> String {
        byte < 128 ? PercentEncoding.encodeForm(String(Unicode.Scalar(byte))) : PercentEncoding.triplet(byte)
    }

    private var multipart: RequestBody {
        let boundary = boundary
        var bytes: [UInt8] = []
        for entry in entries {
            let file = entry.isFile ? "; filename=\"\"\r\nContent-Type: application/octet-stream" : ""
            bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"".utf8
            bytes += encoding.encode(entry.name).flatMap(Self.escaped)
            bytes += Array("\"\(file)\r\n\r\n".utf8) + encoding.encode(entry.value) + [13, 10]
        }
        bytes += "--\(boundary)--\r\n".utf8
        return .bytes(bytes, contentType: "multipart/form-data; boundary=\(boundary)")
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        [10, 13, 34].contains(byte) ? Array(PercentEncoding.triplet(byte).utf8) : [byte]
    }

    /// A line that stands in none of the values: chosen from the values themselves, so that no chance is needed.
    private var boundary: String {
        var number = 0
        while entries.contains(where: { $0.value.holds("--oauthwatch-\(number)") }) { number += 1 }
        return "oauthwatch-\(number)"
    }
}

extension FormPair {
    /// Whether it is the same in every encoding that pages are read in.
    fileprivate var isASCII: Bool { name.utf8.allSatisfy { $0 < 128 } && value.utf8.allSatisfy { $0 < 128 } }
}
