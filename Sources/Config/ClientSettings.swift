import WatchCore

/// The section `client` while it is read: the way to authenticate follows from the secret unless it is named.
struct ClientSettings: Sendable {
    var id = ""
    var secret: Secret?
    var authentication: String?
    /// Where the operator publishes the client's metadata.
    var metadataDocument: WebURL?

    /// The client that it describes; nil when it only names a document.
    var client: TargetSettings.Client? {
        guard !id.isEmpty else { return nil }
        return TargetSettings.Client(
            id: id, secret: secret, authentication: authentication ?? (secret == nil ? "none" : "client_secret_basic"))
    }
}

extension ValueType<ClientSettings> {
    /// A client that was registered by hand, or one whose metadata the operator publishes.
    static let client = section(
        ClientSettings(),
        keys: [
            ConfigurationKey("id", \.id, .text, "The `client_id` of a client that was registered by hand."),
            ConfigurationKey("secretFile", \.secret, .secretFile, "The `client_secret`; none for a public client."),
            ConfigurationKey(
                "authentication", \.authentication,
                .choice([
                    "none": "none", "client_secret_basic": "client_secret_basic",
                    "client_secret_post": "client_secret_post",
                ]),
                default: "none, with a secret client_secret_basic", "How the client proves itself."),
            ConfigurationKey(
                "metadataDocument", \.metadataDocument, .documentURL,
                "Where you publish what `oauthwatch cimd` prints; used as `client_id` where the server takes that."),
        ],
        check: { client, position, decoding in
            if client.id.isEmpty == (client.metadataDocument == nil) {
                decoding.problem(
                    at: position, client.id.isEmpty ? "names no client" : "names two clients",
                    allowed: "id or metadataDocument")
            }
            if client.id.isEmpty, client.secret != nil || client.authentication != nil {
                decoding.problem(
                    at: position, "has a secret for a client without id",
                    allowed: "metadataDocument alone: it is public")
            }
            guard let authentication = client.authentication, (authentication == "none") != (client.secret == nil)
            else { return }
            decoding.inside(key: "authentication") {
                $0.problem(
                    at: position, "does not fit the secret",
                    allowed: "none without secretFile, client_secret_basic or client_secret_post with it")
            }
        })
}

extension ValueType<WebURL> {
    /// Source: draft-ietf-oauth-client-id-metadata-document §3.
    static let documentURL = ValueType<WebURL>.url.checked { url, position, decoding in
        guard url.scheme != "https" || ["", "/"].contains(url.path) else { return }
        decoding.problem(at: position, "cannot be a `client_id`", allowed: "an https URL with a path")
    }
}
