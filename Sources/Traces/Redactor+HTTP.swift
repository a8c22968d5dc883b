import Crypto
package import WatchCore

extension Redactor {
    /// Header fields: credentials, cookies and tokens as a whole, `Location` and the rest as text.
    package func fields(_ fields: HTTPFields) -> HTTPFields {
        HTTPFields(
            fields.fields.map { field in
                // A name that everybody knows holds no secret.
                let name = SensitiveName.isCommonHeader(field.name) ? field.name : text(field.name)
                return HTTPFields.Field(name, value(of: field))
            })
    }

    /// The pairs of a query; by value first, for a secret may hold the `&` that ends a pair.
    func query(_ query: String) -> [FormPair] { pairs(FormPair.decode(text(query))) }

    /// The pairs of a form.
    package func pairs(_ pairs: [FormPair]) -> [FormPair] {
        pairs.map { pair in
            let label =
                isShortPassword(pair.value)
                ? Fingerprint.password : label(pair.value, SensitiveName.parameter(NameKey(pair.name)))
            return FormPair(text(pair.name), label ?? text(pair.value))
        }
    }

    func value(of field: HTTPFields.Field) -> String {
        if SensitiveName.isCommonHeader(field.name) { return text(field.value) }
        return switch field.name.lowercased() {
        case "authorization", "proxy-authorization": credentials(field.value)
        // By value first: a secret may hold the `;` that ends a cookie.
        case "cookie": cookies(text(field.value))
        case "set-cookie": setCookie(text(field.value))
        case let name: (SensitiveName.isHeader(name) ? label(field.value, .secret) : nil) ?? text(field.value)
        }
    }

    /// The scheme stays; of `Basic` the secret after the colon gives the fingerprint.
    ///
    /// Source: RFC 9110 §11.4; RFC 7617 §2.
    private func credentials(_ value: String) -> String {
        guard let space = value.utf8.firstIndex(of: UInt8(ascii: " ")) else {
            return label(value, .secret) ?? text(value)
        }
        let (scheme, credentials) = (
            value[..<space], String(value[value.utf8.index(after: space)...].drop { $0 == " " })
        )
        guard scheme.utf8.count == 5, scheme.lowercased() == "basic", let bytes = Base64.decode(credentials),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return "\(scheme) \(label(credentials, .secret) ?? text(credentials))" }
        let secret = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        return "\(scheme) \(label(secret, .secret) ?? text(credentials))"
    }

    /// Source: RFC 6265 §4.2.1.
    private func cookies(_ value: String) -> String {
        value.split(separator: ";", omittingEmptySubsequences: false).map { cookie(String($0)) }.joined(separator: ";")
    }

    /// Source: RFC 6265 §4.1.1.
    private func setCookie(_ value: String) -> String {
        let parts = value.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return ([cookie(parts[0])] + parts.dropFirst()).joined(separator: ";")
    }

    private func cookie(_ pair: String) -> String {
        guard let equals = pair.firstIndex(of: "=") else { return label(pair, .secret) ?? pair }
        let value = String(pair[pair.index(after: equals)...])
        let unquoted = value.hasPrefix("\"") && value.hasSuffix("\"") && value.utf8.count > 1
        let core = unquoted ? String(value.dropFirst().dropLast()) : value
        return "\(pair[..<equals])=\(label(core, .secret) ?? value)"
    }
}
