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
        func isEncoded(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") }
        guard text.utf8.contains(where: isEncoded) else { return String(text) }
        var out: [UInt8] = []
        var bytes = ArraySlice(Array(text.utf8))
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "%"), let value = hexValue(bytes.prefix(2)) {
                out.append(value)
                bytes = bytes.dropFirst(2)
            } else {
                out.append(byte == UInt8(ascii: "+") && plusIsSpace ? 32 : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Encodes for a form: letters, digits and `*-._` stay, a space becomes `+`.
    ///
    /// Source: the WHATWG URL standard, application/x-www-form-urlencoded percent-encode set.
    package static func encodeForm(_ text: String) -> String {
        var out: [UInt8] = []
        appendForm(text, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    fileprivate static func appendForm(_ text: String, to out: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                out.append(byte)
            case 32: out.append(UInt8(ascii: "+"))
            default:
                out.append(UInt8(ascii: "%"))
                out.append(digit(byte >> 4))
                out.append(digit(byte & 15))
            }
        }
    }

    private static func hexValue(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        return digits.reduce(UInt8?.some(0)) { value, digit in
            guard let value else { return nil }
            switch digit {
            case 48...57: return value * 16 + (digit - 48)
            case 65...70: return value * 16 + (digit - 55)
            case 97...102: return value * 16 + (digit - 87)
            default: return nil
            }
        }
    }
}

extension FormPair {
    /// The pairs as `application/x-www-form-urlencoded` text.
    package static func encode(_ pairs: [FormPair]) -> String {
        String(decoding: encodedBytes(pairs), as: UTF8.self)
    }

    fileprivate static func encodedBytes(_ pairs: [FormPair]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(pairs.reduce(0) { $0 + 3 * ($1.name.utf8.count + $1.value.utf8.count) / 2 + 2 })
        for (index, pair) in pairs.enumerated() {
            if index > 0 { out.append(UInt8(ascii: "&")) }
            PercentEncoding.appendForm(pair.name, to: &out)
            out.append(UInt8(ascii: "="))
            PercentEncoding.appendForm(pair.value, to: &out)
        }
        return out
    }

    /// The pairs in `application/x-www-form-urlencoded` text.
    package static func decode(_ text: String) -> [FormPair] {
        text.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                .map { PercentEncoding.decode(Substring($0), plusIsSpace: true) }
            return FormPair(parts[0], parts.count > 1 ? parts[1] : "")
        }
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
