import Crypto

/// Proof key for one authorization.
///
/// Source: RFC 7636 §4.
struct PKCE {
    let verifier: String

    /// The S256 challenge of the verifier.
    var challenge: String { Base64URL.encode(SHA256.digest(Array(verifier.utf8))) }
}
