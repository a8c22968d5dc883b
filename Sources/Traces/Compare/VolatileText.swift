import WatchCore

/// Takes out of a trace what differs between any two runs: codes, tokens, ids, times.
struct VolatileText {
    /// Stands in the place of the watched server's own origin, so that the same server on another port is the same.
    private static let ownOrigin = "SERVER"
    private static let mark = "…"

    /// `http://host:port` of the watched server, the same as a URL parameter holds it, and without the scheme.
    private let origins: [String]

    /// For traces of the server at `serverURL`.
    init(serverURL: String) {
        let origin = WebURL(serverURL)?.origin.description ?? serverURL
        let authority = origin.split(separator: "/").last.map(String.init) ?? ""
        origins = [origin, PercentEncoding.encodeForm(origin), authority].filter { $0.utf8.count > 3 }
    }

    /// The value without what always differs.
    ///
    /// - Parameter name: of the member that it stands in.
    func stable(_ value: JSON, named name: String = "") -> JSON {
        switch value {
        case .string(let text): .string(Self.isVolatile(name) ? Self.mark : stable(text))
        case .integer, .number: Self.isTime(name.lowercased()) ? .string(Self.mark) : value
        case .array(let elements): .array(elements.map { stable($0, named: name) })
        case .object(let members):
            .object(members.map { JSON.Member(stable($0.name), stable($0.value, named: $0.name)) })
        default: value
        }
    }

    /// The text without what always differs: labels of the redaction, times, words that no person wrote.
    func stable(_ text: String) -> String {
        var text = text
        for origin in origins { text = text.replacingEach(origin, with: Self.ownOrigin) }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let end = Self.endOfLabel(bytes, index) ?? Self.endOfTime(bytes, index) {
                out += Self.mark.utf8
                index = end
                continue
            }
            let end = bytes[index...].firstIndex { !Self.isWord($0) } ?? bytes.count
            let word = bytes[index..<max(end, index + 1)]
            out += Self.isRandom(word) ? Array(Self.mark.utf8) : Array(word)
            index = word.endIndex
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Members that hold another value each time.
    private static func isVolatile(_ name: String) -> Bool {
        let name = name.lowercased()
        return volatileNames.contains(name) || name.hasSuffix("_token") || isTime(name)
    }

    private static let volatileNames: Set<String> = [
        "client_id", "client_secret", "jti", "nonce", "sid", "session_id", "registration_client_uri", "state", "code",
    ]

    /// Members that hold a time, or a number that only counts.
    private static func isTime(_ name: String) -> Bool {
        ["exp", "iat", "nbf", "timestamp", "date", "id", "auth_time"].contains(name) || name.hasSuffix("_at")
    }

    private static func endOfLabel(_ bytes: [UInt8], _ index: Int) -> Int? {
        guard bytes[index] == UInt8(ascii: "<"), Fingerprint.isLabel(bytes[index...]) else { return nil }
        return bytes[index...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
    }

    /// `2026-11-25T13:42:37.927981+00:00`.
    private static func endOfTime(_ bytes: [UInt8], _ index: Int) -> Int? {
        guard index + 16 <= bytes.count, bytes[index].isASCIIDigit else { return nil }
        let shape = bytes[index..<index + 11].map { $0.isASCIIDigit ? UInt8(ascii: "0") : $0 }
        guard ["0000-00-00T", "0000-00-00 "].contains(where: { shape.elementsEqual($0.utf8) }) else { return nil }
        return bytes[(index + 11)...].firstIndex { !$0.isASCIIDigit && !":.+-Z".utf8.contains($0) } ?? bytes.count
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte.isASCIIDigit || byte.isASCIILetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte >= 0x80
    }

    private static func isRandom(_ word: ArraySlice<UInt8>) -> Bool {
        if word.count >= 10, word.allSatisfy(\.isASCIIDigit) { return true }
        return SensitiveName.looksRandom(word)
    }
}
