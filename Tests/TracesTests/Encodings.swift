import Crypto
import WatchCore

/// The spellings in which servers give secrets back.
enum Encodings {
    static func all(of secret: String) -> [(name: String, text: String)] {
        let bytes = Array(secret.utf8)
        let form = PercentEncoding.encodeForm(secret)
        let percent = bytes.map(PercentEncoding.triplet).joined()
        let unicode = secret.unicodeScalars.map { "\\u" + hexadecimal($0.value, 4) }.joined()
        return [
            ("raw", secret), ("form", form), ("form twice", PercentEncoding.encodeForm(form)),
            ("percent", percent), ("percent in lower case", percent.lowercased()),
            ("percent-encoded space", form.map { $0 == "+" ? "%20" : String($0) }.joined()),
            ("HTML", html(secret)), ("HTML numbers", secret.unicodeScalars.map { "&#\($0.value);" }.joined()),
            ("HTML hexadecimal", secret.unicodeScalars.map { "&#x\(hexadecimal($0.value, 1));" }.joined()),
            ("JSON", String(JSON.string(secret).text().dropFirst().dropLast())),
            ("JSON, slashes escaped", json(secret)), ("JSON, all escaped", unicode),
            ("URL in HTML", html("/x?y=\(form)")), ("URL in JSON", json("/x?y=\(form)")),
            ("JSON in JSON", json(json(secret))),
            ("HTML in JSON", json(html(secret))),
        ] + (0..<3).flatMap { base64(bytes, after: $0) }
            + base64(Array(form.utf8), after: 1).map { ("form in " + $0.0, $0.1) }
    }

    private static func base64(_ bytes: [UInt8], after count: Int) -> [(String, String)] {
        let whole = Array("id:".utf8.prefix(count)) + bytes
        return [
            ("Base64 after \(count)", Base64.encode(whole)), ("Base64url after \(count)", Base64URL.encode(whole)),
            ("Base64 in a URL after \(count)", PercentEncoding.encodeForm(Base64.encode(whole + [33]))),
            ("Base64 in JSON after \(count)", json(Base64.encode(whole + [33, 33]))),
        ]
    }

    private static func json(_ text: String) -> String {
        JSON.string(text).text().dropFirst().dropLast().map { $0 == "/" ? "\\/" : String($0) }.joined()
    }

    private static func html(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#x27;"
            default: String(scalar)
            }
        }.joined()
    }

    private static func hexadecimal(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
