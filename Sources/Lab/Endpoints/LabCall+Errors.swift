import WatchCore

extension LabCall {
    /// Fields of every answer that must not be kept.
    static let noStore: HTTPFields = ["Cache-Control": "no-store", "Pragma": "no-cache"]

    /// An error of an OAuth endpoint, in the style of the server.
    ///
    /// Source: RFC 6749 §5.2.
    func refuse(_ error: OAuthError, style: TokenBehaviour.ErrorStyle? = nil) -> LabResponse {
        let code = error.code == "invalid_grant" ? behaviour.token.refusalCode ?? error.code : error.code
        let body: JSON = ["error": .string(code), "error_description": .string(error.detail)]
        switch style ?? behaviour.token.errors {
        case .standard:
            var response = LabResponse.json(body, status: error.status, Self.noStore)
            if error.status == 401 { response.fields["WWW-Authenticate"] = "Basic realm=\"lab\"" }
            return response
        case .insideOK:
            return .json(body, status: 200, Self.noStore)
        case .framework:
            return .json(["detail": .string(error.detail)], status: error.status, Self.noStore)
        }
    }
}
