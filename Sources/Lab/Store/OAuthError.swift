/// Why a request to an OAuth endpoint is refused.
///
/// Source: RFC 6749 §4.1.2.1, §5.2; RFC 7591 §3.2.2; RFC 8707 §2.
struct OAuthError: Error, Hashable {
    var code: String
    var detail: String
    var status = 400

    /// A parameter is missing, doubled or malformed.
    static func invalidRequest(_ detail: String) -> OAuthError { OAuthError(code: "invalid_request", detail: detail) }
    /// The code, token or verifier is not good.
    static func invalidGrant(_ detail: String) -> OAuthError { OAuthError(code: "invalid_grant", detail: detail) }
    /// The client is unknown or did not prove who it is.
    static func invalidClient(_ detail: String) -> OAuthError {
        OAuthError(code: "invalid_client", detail: detail, status: 401)
    }
}
