import WatchCore

/// The section `client` while it is read: the way to authenticate follows from the secret unless it is named.
struct ClientSettings: Sendable {
    var id = ""
    var secret: Secret?
    var authentication: String?

    /// The client that it describes.
    var client: TargetSettings.Client {
        TargetSettings.Client(
            id: id, secret: secret, authentication: authentication ?? (secret == nil ? "none" : "client_secret_basic"))
    }
}

extension ValueType<TargetSettings.Client> {
    /// A client that was registered by hand.
    static let client = ValueType<ClientSettings>.section(
        ClientSettings(),
        keys: [
            ConfigurationKey("id", \.id, .text, isRequired: true, "The `client_id`."),
            ConfigurationKey("secretFile", \.secret, .secretFile, "The `client_secret`; none for a public client."),
            ConfigurationKey(
                "authentication", \.authentication,
                .choice([
                    "none": "none", "client_secret_basic": "client_secret_basic",
                    "client_secret_post": "client_secret_post",
                ]),
                default: "none, with a secret client_secret_basic", "How the client proves itself."),
        ],
        check: { client, position, decoding in
            guard let authentication = client.authentication, (authentication == "none") != (client.secret == nil)
            else { return }
            decoding.inside(key: "authentication") {
                $0.problem(
                    at: position, "does not fit the secret",
                    allowed: "none without secretFile, client_secret_basic or client_secret_post with it")
            }
        }
    ).map(\.client)
}
