import Crypto
import JSONReader
import WatchCore

/// What a JWT says in the clear; its signature is not looked at.
///
/// Source: RFC 7519 §3; RFC 9068 §2.
struct SignedToken {
    let header: JSON
    let claims: JSON

    /// Reads a token; nil when it is no JWT.
    init?(_ token: Secret) {
        let parts = token.reveal().utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.part(Substring(parts[0])),
            let claims = Self.part(Substring(parts[1])),
            header["alg"]?.string != nil
        else { return nil }
        self.header = header
        self.claims = claims
    }

    private static func part(_ text: Substring) -> JSON? {
        guard let bytes = Base64URL.decode(String(text)), let json = try? JSON(parsing: bytes), json.members != nil
        else { return nil }
        return json
    }

    var algorithm: String { header["alg"]?.string ?? "" }
    var keyID: String? { header["kid"]?.string }
    var issuer: String? { claims["iss"]?.string }
    /// nil when the token names none.
    var audience: [String]? { claims["aud"]?.string.map { [$0] } ?? claims["aud"]?.strings }
    /// In seconds since the epoch.
    var expiry: Double? { claims["exp"]?.number }
    var issuedAt: Double? { claims["iat"]?.number }
    /// Names with spaces between them, whichever claim holds them.
    var scope: String? {
        ["scope", "scp"].lazy.compactMap { claims[$0] }.first.flatMap { value in
            value.string ?? value.strings?.joined(separator: " ")
        }
    }
    /// Whether it is signed with a key that a JWKS can hold.
    var hasPublicKey: Bool { ["RS", "PS", "ES", "Ed"].contains { algorithm.hasPrefix($0) } }
}
