import WatchCore

/// A `Bearer` challenge in `WWW-Authenticate`.
///
/// Source: RFC 9110 §11.6.1; RFC 6750 §3; RFC 9728 §5.1.
package struct BearerChallenge: Sendable, Hashable {
    /// Parameters; names in lower case.
    package var parameters: [String: String]

    /// The first Bearer challenge among the values of the header; nil when there is none.
    package init?(_ values: [String]) {
        for value in values {
            if let found = Self.challenges(value).first(where: { $0.scheme == "bearer" }) {
                parameters = found.parameters
                return
            }
        }
        return nil
    }

    package var scope: String? { parameters["scope"] }
    package var error: String? { parameters["error"] }
    package var resourceMetadata: String? { parameters["resource_metadata"] }

    /// Splits a header value into its challenges.
    static func challenges(_ value: String) -> [(scheme: String, parameters: [String: String])] {
        var found: [(scheme: String, parameters: [String: String])] = []
        var scanner = Scanner(value)
        while !scanner.isAtEnd {
            scanner.skip { $0.isBlank || $0 == .comma }
            let token = scanner.token().lowercased()
            guard !token.isEmpty else {
                scanner.advance()
                continue
            }
            scanner.skip(while: \.isBlank)
            if scanner.take("=") {
                scanner.skip(while: \.isBlank)
                let value = scanner.quotedOrToken()
                if !found.isEmpty, found[found.count - 1].parameters[token] == nil {
                    found[found.count - 1].parameters[token] = value
                }
            } else {
                found.append((token, [:]))
            }
        }
        return found
    }

    /// Reads bytes: what ends a part is ASCII.
    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        var isAtEnd: Bool { position >= bytes.count }

        mutating func advance() { position += 1 }

        mutating func skip(while isSkipped: (UInt8) -> Bool) {
            while !isAtEnd, isSkipped(bytes[position]) { position += 1 }
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard !isAtEnd, bytes[position] == UInt8(ascii: character) else { return false }
            advance()
            return true
        }

        /// Anything up to a separator: some servers leave URLs without quotes.
        mutating func token() -> String {
            part { !$0.isBlank && $0 != .comma && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") }
        }

        mutating func quotedOrToken() -> String {
            guard take("\"") else { return part { !$0.isBlank && $0 != .comma } }
            var text = Array(bytes(while: { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }))
            while !isAtEnd, !take("\"") {
                // The last byte of a broken value may be its backslash.
                if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { advance() }
                text.append(bytes[position])
                advance()
            }
            return String(decoding: text, as: UTF8.self)
        }

        private mutating func part(while isPart: (UInt8) -> Bool) -> String {
            String(decoding: bytes(while: isPart), as: UTF8.self)
        }

        private mutating func bytes(while isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
            let start = position
            skip(while: isPart)
            return bytes[start..<position]
        }
    }
}

extension UInt8 {
    fileprivate static let comma = UInt8(ascii: ",")
    /// Space or tab.
    fileprivate var isBlank: Bool { self == 32 || self == 9 }
}
