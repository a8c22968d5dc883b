import WatchCore

/// The character encodings that pages are read in and forms are sent in.
///
/// Source: the WHATWG Encoding standard; HTML §13.2.3.2 for the order in which the encoding is looked for.
package enum PageEncoding: Sendable, Hashable {
    case utf8
    /// Also what `iso-8859-1` and `us-ascii` mean to a browser.
    case windows1252
    /// Forms of such pages are sent in UTF-8.
    case utf16LittleEndian, utf16BigEndian

    /// The encoding that a label names; nil for one that is not known here.
    init?(label: some StringProtocol) {
        switch label.trimmingSpaces.lowercased() {
        case "utf-8", "utf8", "unicode-1-1-utf-8": self = .utf8
        case "windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "latin1", "l1", "us-ascii", "ascii":
            self = .windows1252
        case "utf-16", "utf-16le", "ucs-2", "iso-10646-ucs-2", "csunicode", "unicode", "unicodefeff":
            self = .utf16LittleEndian
        case "utf-16be", "unicodefffe": self = .utf16BigEndian
        default: return nil
        }
    }

    /// Looks for the encoding: byte order mark, content type, the first 1,024 bytes, else what a browser takes a page for
    /// that does not say, whatever its bytes look like.
    init(bytes: [UInt8], contentType: String?) {
        if let marked = Self.mark(of: bytes) {
            self = marked
        } else if let label = contentType.flatMap({ Self.charset(in: $0) }) {
            self = PageEncoding(label: label) ?? .utf8
        } else {
            // Where a label can be read as ASCII, the page is not in UTF-16.
            let label = Self.metaLabel(of: bytes).map { PageEncoding(label: $0) ?? .utf8 }
            self = label.map { $0.isUTF16 ? .utf8 : $0 } ?? .windows1252
        }
    }

    /// The label of a page's encoding, when it is none that is known here.
    static func unread(bytes: [UInt8], contentType: String?) -> String? {
        guard mark(of: bytes) == nil else { return nil }
        let label = contentType.flatMap { charset(in: $0) } ?? metaLabel(of: bytes)
        return label.flatMap { PageEncoding(label: $0) == nil && !$0.isEmpty ? $0 : nil }
    }

    /// What forms of a page in this encoding are sent in.
    ///
    /// Source: the WHATWG Encoding standard, get an output encoding.
    var output: PageEncoding { isUTF16 ? .utf8 : self }

    private var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }

    /// The encoding of a byte order mark, which overrules everything else.
    ///
    /// Source: the WHATWG Encoding standard, BOM sniff.
    private static func mark(of bytes: [UInt8]) -> PageEncoding? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
        return bytes.starts(with: [0xFE, 0xFF]) ? .utf16BigEndian : nil
    }

    /// The name that goes into a `_charset_` field.
    var name: String { self == .windows1252 ? "windows-1252" : "UTF-8" }

    /// The page as UTF-8 with `\n` at every line end.
    func decode(_ bytes: [UInt8]) -> [UInt8] {
        if isUTF16 { return Self.utf8.decode(Array(utf16(bytes).utf8)) }
        let marked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        // Most pages are what they shall become.
        let isReady = !marked && !bytes.contains { $0 == 13 || ($0 >= 128 && self == .windows1252) }
        if isReady { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var previous: UInt8 = 0
        for byte in bytes.dropFirst(marked ? 3 : 0) {
            switch byte {
            case 10 where previous == 13: break
            case 13: out.append(10)
            case 128... where self == .windows1252: out += String(Self.scalar(byte)).utf8
            default: out.append(byte)
            }
            previous = byte
        }
        return out
    }

    /// The text of a page in UTF-16, without its byte order mark.
    private func utf16(_ bytes: [UInt8]) -> String {
        let start = Self.mark(of: bytes)?.isUTF16 == true ? 2 : 0
        let units = stride(from: start, to: bytes.count - 1, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return self == .utf16LittleEndian ? second << 8 | first : first << 8 | second
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// The bytes of `text` in this encoding; a character that is not in it becomes `&#NUMBER;` as in a browser's form.
    func encode(_ text: String) -> [UInt8] {
        guard self == .windows1252 else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar -> [UInt8] in
            if scalar.value < 128 || (160...255).contains(scalar.value) { return [UInt8(scalar.value)] }
            if let index = Self.high.firstIndex(of: UInt16(truncatingIfNeeded: scalar.value)), scalar.value < 0x10000 {
                return [UInt8(128 + index)]
            }
            return Array("&#\(scalar.value);".utf8)
        }
    }

    /// The character of a byte in windows-1252.
    static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard (128...159).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(high[Int(byte) - 128]) ?? Unicode.Scalar(byte)
    }

    /// The characters of bytes 0x80 to 0x9F.
    private static let high: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    /// The label after `charset=`, without quotes.
    private static func charset(in text: some StringProtocol) -> String? {
        let lower = text.lowercased()
        guard let start = lower[...].firstRange(ofBytes: "charset=")?.upperBound else { return nil }
        let value = lower.utf8[start...].drop { "\"' ".utf8.contains($0) }
        return String(Substring(value.prefix { !"\"' ;/>".utf8.contains($0) }))
    }

    private static func metaLabel(of bytes: [UInt8]) -> String? {
        var rest = Substring(String(decoding: bytes.prefix(1024), as: UTF8.self).lowercased())
        while let tag = rest.firstRange(ofBytes: "<meta") {
            rest = rest[tag.upperBound...]
            if let label = charset(in: rest.prefix { $0 != ">" }) { return label }
        }
        return nil
    }
}
