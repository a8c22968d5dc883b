/// What a byte may be part of. Switches, not sets: these are asked for every byte of every answer.
extension UInt8 {
    var isASCIIDigit: Bool { (48...57).contains(self) }
    var isASCIILetter: Bool { (97...122).contains(self | 32) }
    /// White space in HTML and JSON, and a vertical tab.
    var isSpace: Bool { self == 32 || (9...13).contains(self) }
    var isQuote: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") }
    /// A letter, a digit, an underscore, or a part of a character beyond ASCII.
    var isWordCharacter: Bool { isASCIIDigit || isASCIILetter || self == UInt8(ascii: "_") || self >= 128 }

    /// What a bearer token may hold.
    ///
    /// Source: RFC 6750 §2.1, `b64token`.
    var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
            UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: isASCIIDigit || isASCIILetter
        }
    }

    /// What a JWT holds.
    ///
    /// Source: RFC 7515 §3.1.
    var isJWTCharacter: Bool {
        isASCIIDigit || isASCIILetter || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "_")
    }

    /// What the name of a parameter or member holds.
    var isNameCharacter: Bool {
        switch self {
        case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "$"): true
        default: isJWTCharacter
        }
    }

    /// What ends an unquoted value in a URL, a form, an attribute, a log line.
    var isValueEnd: Bool {
        switch self {
        case UInt8(ascii: "&"), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ";"),
            UInt8(ascii: "\\"):
            true
        default: isSpace || isQuote
        }
    }

    /// One byte for those that encodings swap: `+` and a space are one in a form, `+` and `-` are one in the two Base64
    /// alphabets, and so are `/` and `_`.
    var folded: UInt8 {
        switch self {
        case UInt8(ascii: "+"), UInt8(ascii: "-"): UInt8(ascii: " ")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: self
        }
    }
}
