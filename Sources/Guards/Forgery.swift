import Crypto
import JSONReader
import WatchCore

/// Tokens made out of good ones.
enum Forgery {
    /// The token with one character in the middle changed: of a JWT in the middle of its signature, so that it still
    /// reads well.
    ///
    /// - Returns: nil for a token that is too short to tell anything.
    static func tampered(_ token: Secret) -> Secret? {
        var bytes = Array(token.reveal().utf8)
        guard bytes.count >= 8 else { return nil }
        let start = isSignedJWT(token) ? (bytes.lastIndex(of: UInt8(ascii: ".")) ?? 0) + 1 : 0
        let middle = start + (bytes.count - start) / 2
        guard let place = bytes.indices.dropFirst(middle).first(where: { isAlphanumeric(bytes[$0]) }) else {
            return nil
        }
        bytes[place] = other(bytes[place])
        return Secret(String(decoding: bytes, as: UTF8.self))
    }

    /// The claims of a JWT under a header that says that nobody signed them.
    ///
    /// - Returns: nil when the token is no signed JWT.
    ///
    /// Source: RFC 7519 §6; RFC 8725 §2.1.
    static func unsigned(_ token: Secret) -> Secret? {
        guard isSignedJWT(token) else { return nil }
        let claims = token.reveal().split(separator: ".")[1]
        return Secret("\(Base64URL.encode(Array(#"{"alg":"none","typ":"JWT"}"#.utf8))).\(claims).")
    }

    /// Whether a token is a signed JWT in the compact form.
    ///
    /// Source: RFC 7515 §7.1.
    static func isSignedJWT(_ token: Secret) -> Bool {
        let parts = token.reveal().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[2].isEmpty, let header = Base64URL.decode(String(parts[0])),
            let claims = Base64URL.decode(String(parts[1]))
        else { return false }
        return (try? JSON(parsing: header))?["alg"]?.string != nil && (try? JSON(parsing: claims))?.members != nil
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte.asciiLowercased)
    }

    /// Another character of the same kind, a hexadecimal digit for each of those.
    private static func other(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 48...57: byte == 48 ? 49 : 48
        case 65...90: byte == 65 ? 66 : 65
        default: byte == 97 ? 98 : 97
        }
    }
}
