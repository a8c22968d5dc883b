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

    /// The target that it describes.
    var target: TargetSettings {
        var target = settings
        target.password = filePassword ?? inlinePassword
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
