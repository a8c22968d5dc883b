import WatchCore

/// One escape in a text: `%2F`, `&amp;`, `&#x2f;`, `\u002f`, `\/`, or a NUL byte, as a wrong encoding (UTF-16) leaves them.
struct Escape {
    /// How many bytes it takes.
    var length: Int
    private var meaning: Meaning

    private enum Meaning {
        case nothing
        case byte(UInt8)
        case scalar(Unicode.Scalar)
    }

    /// The escape that begins at `index`; nil when none does.
    init?(_ text: [UInt8], at index: Int) {
        let rest = text[index...]
        let found: (Int, Meaning)? =
            switch text[index] {
            case UInt8(ascii: "%"): Self.percent(rest)
            case UInt8(ascii: "&"): Self.entity(rest)
            case UInt8(ascii: "\\"): Self.backslash(rest)
            case 0: (1, .nothing)
            default: nil
            }
        guard let found else { return nil }
        (length, meaning) = found
    }

    /// Appends the UTF-8 bytes that it stands for.
    func append(to out: inout [UInt8]) {
        switch meaning {
        case .nothing: break
        case .byte(let byte): out.append(byte)
        case .scalar(let scalar): out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        }
    }

    /// Source: RFC 3986 §2.1.
    private static func percent(_ text: ArraySlice<UInt8>) -> (Int, Meaning)? {
        hexadecimal(text.dropFirst(), digits: 2).map { (3, .byte(UInt8($0))) }
    }

    /// Source: the WHATWG HTML standard, character references; the names of ASCII characters only.
    private static func entity(_ text: ArraySlice<UInt8>) -> (Int, Meaning)? {
        if text.dropFirst().first == UInt8(ascii: "#") { return numbered(text) }
        guard let end = text.prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: text[text.startIndex + 1..<end], as: UTF8.self)
        return namedEntities[name].map { (end - text.startIndex + 1, .scalar($0)) }
    }

    /// `&#47;`, `&#x2f`: browsers take it without the `;`, too, and with any number of zeros in front.
    private static func numbered(_ text: ArraySlice<UInt8>) -> (Int, Meaning)? {
        let body = text.dropFirst(2)
        let isHexadecimal = body.first.map { $0 | 32 == UInt8(ascii: "x") } ?? false
        let zeros = body.dropFirst(isHexadecimal ? 1 : 0).prefix(longestZeros).prefix { $0 == UInt8(ascii: "0") }
        let digits = text[zeros.endIndex...].prefix(8).prefix { byte in
            byte.isASCIIDigit || isHexadecimal && (97...102).contains(byte | 32)
        }
        guard let number = UInt32(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10),
            let scalar = Unicode.Scalar(number)
        else { return nil }
        let end = text[digits.endIndex...].first == UInt8(ascii: ";") ? digits.endIndex + 1 : digits.endIndex
        return (end - text.startIndex, .scalar(scalar))
    }

    /// More zeros than these are not read, so that the work stays bounded.
    private static let longestZeros = 64

    /// Source: RFC 8259 §7; `\x2f` as JavaScript and Python write it.
    private static func backslash(_ text: ArraySlice<UInt8>) -> (Int, Meaning)? {
        guard let second = text.dropFirst().first else { return nil }
        let rest = text.dropFirst(2)
        switch second {
        case UInt8(ascii: "u"): return unicode(rest)
        case UInt8(ascii: "x"):
            return hexadecimal(rest, digits: 2).flatMap(Unicode.Scalar.init).map { (4, .scalar($0)) }
        case UInt8(ascii: "n"): return (2, .byte(10))
        case UInt8(ascii: "r"): return (2, .byte(13))
        case UInt8(ascii: "t"): return (2, .byte(9))
        case UInt8(ascii: "b"): return (2, .byte(8))
        case UInt8(ascii: "f"): return (2, .byte(12))
        case 33...47, 58...64, 91...96, 123...126: return (2, .byte(second))
        default: return nil
        }
    }

    private static func unicode(_ text: ArraySlice<UInt8>) -> (Int, Meaning)? {
        guard let first = hexadecimal(text, digits: 4) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (6, .scalar(scalar)) }
        let rest = text.dropFirst(4)
        guard first < 0xdc00, rest.starts(with: Array("\\u".utf8)),
            let second = hexadecimal(rest.dropFirst(2), digits: 4), (0xdc00...0xdfff).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)).map { (12, .scalar($0)) }
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>, digits: Int) -> UInt32? {
        guard text.count >= digits else { return nil }
        var value: UInt32 = 0
        for byte in text.prefix(digits) {
            switch byte {
            case 48...57: value = value * 16 + UInt32(byte - 48)
            case 65...70: value = value * 16 + UInt32(byte - 55)
            case 97...102: value = value * 16 + UInt32(byte - 87)
            default: return nil
            }
        }
        return value
    }

    private static let namedEntities: [String: Unicode.Scalar] = [
        "Tab": "\t", "NewLine": "\n", "nbsp": " ", "excl": "!", "quot": "\"", "QUOT": "\"", "num": "#", "dollar": "$",
        "percnt": "%", "amp": "&", "AMP": "&", "apos": "'", "lpar": "(", "rpar": ")", "ast": "*", "plus": "+",
        "comma": ",", "hyphen": "-", "dash": "-", "period": ".", "sol": "/", "colon": ":", "semi": ";", "lt": "<",
        "LT": "<", "equals": "=", "gt": ">", "GT": ">", "quest": "?", "commat": "@", "lsqb": "[", "lbrack": "[",
        "bsol": "\\", "rsqb": "]", "rbrack": "]", "Hat": "^", "lowbar": "_", "grave": "`", "lcub": "{", "lbrace": "{",
        "verbar": "|", "vert": "|", "rcub": "}", "rbrace": "}",
    ]
}
