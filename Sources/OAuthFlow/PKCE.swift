import Crypto

/// Proof key for one authorization.
///
/// Source: RFC 7636 §4.
package struct PKCE: Sendable {
    package let verifier: String

    /// The proof key with this verifier.
    package init(verifier: String) { self.verifier = verifier }

    /// The S256 challenge of the verifier.
    package var challenge: String { Base64URL.encode(SHA256.digest(Array(verifier.utf8))) }
}
