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
            scanner.skip(" \t,")
            let token = scanner.token()
            guard !token.isEmpty else {
                scanner.advance()
                continue
            }
            scanner.skip(" \t")
            if scanner.take("=") {
                scanner.skip(" \t")
                let value = scanner.quotedOrToken()
                if !found.isEmpty, found[found.count - 1].parameters[token.lowercased()] == nil {
                    found[found.count - 1].parameters[token.lowercased()] = value
                }
            } else {
                found.append((token.lowercased(), [:]))
            }
        }
        return found
    }

    private struct Scanner {
        private var rest: Substring.UnicodeScalarView

        init(_ text: String) { rest = Substring(text).unicodeScalars }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func advance() { rest = rest.dropFirst() }

        mutating func skip(_ characters: String) {
            rest = rest.drop { characters.unicodeScalars.contains($0) }
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == character else { return false }
            advance()
            return true
        }

        /// Anything up to a separator: some servers leave URLs without quotes.
        mutating func token() -> String {
            let text = rest.prefix { !" \t,=\"".unicodeScalars.contains($0) }
            rest = rest.dropFirst(text.count)
            return String(text)
        }

        mutating func quotedOrToken() -> String {
            guard take("\"") else {
                let text = rest.prefix { !" \t,".unicodeScalars.contains($0) }
                rest = rest.dropFirst(text.count)
                return String(text)
            }
            var text = String.UnicodeScalarView()
            while let character = rest.popFirst(), character != "\"" {
                if character == "\\", let escaped = rest.popFirst() {
                    text.append(escaped)
                } else {
                    text.append(character)
                }
            }
            return String(text)
        }
    }
}
