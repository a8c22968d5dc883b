/// Percent-encoding of bytes.
///
/// Source: RFC 3986 §2.1.
package enum PercentEncoding {
    /// `%` and two hexadecimal digits in upper case.
    package static func triplet(_ byte: UInt8) -> String {
        String(decoding: [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)], as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    /// Decodes `%XX`; broken triplets stay as they are, broken UTF-8 becomes replacement characters.
    ///
    /// - Parameters:
    ///   - text: the encoded text.
    ///   - plusIsSpace: whether `+` means a space, as in a form.
    package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
        var text = String(text)
        let decoded = text.withUTF8 { decode($0, plusIsSpace: plusIsSpace) }
        return decoded ?? text
    }

    /// - Returns: nil when nothing is encoded.
    fileprivate static func decode(_ text: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool) -> String? {
        func isEncoded(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") }
        guard text.contains(where: isEncoded) else { return nil }
        return String(unsafeUninitializedCapacity: text.count) { out in
            var (count, next) = (0, 0)
            while next < text.count {
                var byte = text[next]
                next += 1
                if byte == UInt8(ascii: "%"), next + 1 < text.count, let high = hexValue(text[next]),
                    let low = hexValue(text[next + 1])
                {
                    byte = high << 4 | low
                    next += 2
                } else if byte == UInt8(ascii: "+"), plusIsSpace {
                    byte = 32
                }
                out[count] = byte
                count += 1
            }
            return count
        }
    }

    /// Encodes for a form: letters, digits and `*-._` stay, a space becomes `+`.
    ///
    /// Source: the WHATWG URL standard, application/x-www-form-urlencoded percent-encode set.
    package static func encodeForm(_ text: String) -> String {
        String(unsafeUninitializedCapacity: 3 * text.utf8.count) { out in
            var count = 0
            writeForm(text, to: out, at: &count)
            return count
        }
    }

    /// Writes at most three bytes for each.
    fileprivate static func writeForm(_ text: String, to out: UnsafeMutableBufferPointer<UInt8>, at count: inout Int) {
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                if staysInForm(byte) {
                    out.put(byte, at: &count)
                } else if byte == 32 {
                    out.put(UInt8(ascii: "+"), at: &count)
                } else {
                    out.put(UInt8(ascii: "%"), at: &count)
                    out.put(digit(byte >> 4), at: &count)
                    out.put(digit(byte & 15), at: &count)
                }
            }
        }
    }

    private static func staysInForm(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    fileprivate func put(_ byte: UInt8, at count: inout Int) {
        self[count] = byte
        count += 1
    }
}

extension FormPair {
    /// The pairs as `application/x-www-form-urlencoded` text.
    package static func encode(_ pairs: [FormPair]) -> String {
        String(unsafeUninitializedCapacity: mostBytes(pairs)) { write(pairs, to: $0) }
    }

    fileprivate static func encodedBytes(_ pairs: [FormPair]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: mostBytes(pairs)) { $1 = write(pairs, to: $0) }
    }

    /// As much as the encoded pairs may take.
    private static func mostBytes(_ pairs: [FormPair]) -> Int {
        pairs.reduce(0) { $0 + 3 * ($1.name.utf8.count + $1.value.utf8.count) + 2 }
    }

    private static func write(_ pairs: [FormPair], to out: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var count = 0
        for pair in pairs {
            if count > 0 { out.put(UInt8(ascii: "&"), at: &count) }
            PercentEncoding.writeForm(pair.name, to: out, at: &count)
            out.put(UInt8(ascii: "="), at: &count)
            PercentEncoding.writeForm(pair.value, to: out, at: &count)
        }
        return count
    }

    /// The pairs in `application/x-www-form-urlencoded` text.
    package static func decode(_ text: String) -> [FormPair] {
        var text = text
        return text.withUTF8 { bytes in
            bytes.split(separator: UInt8(ascii: "&")).map { pair in
                let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
                return FormPair(decoded(pair[..<end]), decoded(pair[end...].dropFirst()))
            }
        }
    }

    private static func decoded(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        PercentEncoding.decode(UnsafeBufferPointer(rebasing: text), plusIsSpace: true)
            ?? String(decoding: text, as: UTF8.self)
    }
}

extension RequestBody {
    /// The content type to send.
    package var contentType: String {
        switch self {
        case .form: "application/x-www-form-urlencoded"
        case .json: "application/json"
        case .bytes(_, let contentType): contentType
        }
    }

    /// The bytes to send.
    package var bytes: [UInt8] {
        switch self {
        case .form(let pairs): FormPair.encodedBytes(pairs)
        case .json(let json): json.bytes()
        case .bytes(let bytes, _): bytes
        }
    }
}
