import Crypto
package import WatchCore

extension RegisteredClient {
    /// A request to an endpoint that takes the client's authentication: token, revocation.
    ///
    /// `client_id` stands in the body even with Basic, because some servers want both.
    ///
    /// Source: RFC 6749 §2.3.1.
    package func request(_ step: Step, _ endpoint: WebURL, _ pairs: [FormPair]) -> HTTPRequest {
        var fields: HTTPFields = ["Accept": "application/json"]
        var pairs = pairs + [FormPair("client_id", clientID)]
        switch (authenticationMethod, clientSecret) {
        case ("client_secret_post", let secret?): pairs.append(FormPair("client_secret", secret.reveal()))
        case ("client_secret_basic", let secret?):
            fields["Authorization"] = basicCredentials(secret)
        default: break
        }
        return HTTPRequest(step, "POST", endpoint, fields: fields, body: .form(pairs), carriesSecret: true)
    }

    /// Whether Basic sends id or secret otherwise than they are: servers that forget to decode refuse such clients.
    var needsDecoding: Bool {
        guard authenticationMethod == "client_secret_basic", let secret = clientSecret?.reveal() else { return false }
        return PercentEncoding.encodeForm(clientID) != clientID || PercentEncoding.encodeForm(secret) != secret
    }

    private func basicCredentials(_ secret: Secret) -> String {
        let id = PercentEncoding.encodeForm(clientID)
        return "Basic " + Base64.encode(Array("\(id):\(PercentEncoding.encodeForm(secret.reveal()))".utf8))
    }
}
