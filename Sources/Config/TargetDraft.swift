import WatchCore

/// A target while it is read: what several keys say together is put together at the end.
struct TargetDraft: Sendable {
    // What stands here for name and server is replaced: both are required keys.
    var settings = TargetSettings(
        name: "", server: TargetSettings.defaultRedirectURI, username: "", password: nil,
        redirectURI: TargetSettings.defaultRedirectURI)
    /// Replaces the path of the server's URL.
    var mcpPath: String?
    var inlinePassword: Secret?
    var filePassword: Secret?
    var clientName: String?
    var redirectURI: WebURL?
    var client: ClientSettings?
    var session: SessionSettings?

    /// The target that it describes.
    var target: TargetSettings {
        var target = settings
        target.password = filePassword ?? inlinePassword
        target.client = client?.client
        target.sessionAccount = session?.account
        target.clientDocument = client?.metadataDocument
        target.scope = target.configuredScope
        if let first = target.personas.first { target = target.acting(as: first) }
        if let clientName { target.clientName = clientName }
        if let redirectURI { target.redirectURI = redirectURI }
        if let mcpPath { target.server = target.server.replacingPath(mcpPath) }
        return target
    }

    /// Notes keys that do not go together.
    func check(at position: TextPosition, _ decoding: inout Decoding) {
        if inlinePassword != nil, filePassword != nil {
            decoding.inside(key: "password") {
                $0.problem(at: position, "stands beside passwordFile", allowed: "one of the two")
            }
        }
        if !settings.personas.isEmpty, clientName != nil || redirectURI != nil {
            decoding.inside(key: "personas") {
                $0.problem(
                    at: position, "stands beside clientName or redirectURI",
                    allowed: "personas alone: a map in it describes a client of your own")
            }
        }
        if settings.personas.count > 1, client?.id.isEmpty == false {
            decoding.inside(key: "personas") {
                $0.problem(
                    at: position, "names several clients beside the one in `client`",
                    allowed: "one persona, or clients that are registered when needed")
            }
        }
        if target.password != nil, settings.username.isEmpty {
            decoding.inside(key: "username") {
                $0.problem(at: position, "is missing", allowed: "the user whom the password belongs to")
            }
        }
        if mcpPath != nil, !["", "/"].contains(settings.server.path) {
            decoding.inside(key: "mcpPath") {
                $0.problem(at: position, "stands beside a server URL that has a path", allowed: "one of the two")
            }
        }
    }
}
