import WatchCore

/// How to find out which revision an MCP server speaks. Pure: told what is known and what was answered.
///
/// A pin wins. Otherwise `server/discover` is tried once; whatever is no positive sign of a server without handshake
/// leads to `initialize`. A refusal for want of a token and an outage are no sign of anything.
///
/// Source: MCP 2026-07-28, versioning; flow as in docs/revisions.md.
enum RevisionSelection {
    /// How a conversation begins.
    enum Opening: Equatable {
        /// Ask with `server/discover` first.
        case discover
        /// `initialize`, offering this version.
        case handshake(Revision)
        /// Nothing: each request says which version it speaks.
        case stateless(Revision)
    }

    /// A server with a handshake is asked again after this time: it may have been given the newer revision since.
    static let validity: Duration = .seconds(86_400)

    /// How to begin.
    ///
    /// - Parameters:
    ///   - pin: the configuration's.
    ///   - settled: what this run has found out already.
    ///   - remembered: what earlier runs found out.
    ///   - isLogin: whether this is a whole login, which may ask again.
    ///   - now: civil time.
    static func opening(
        pin: Revision?, settled: Revision?, remembered: RevisionChoice?, isLogin: Bool, now: WallTime
    ) -> Opening {
        if let known = pin ?? settled { return known.isStateless ? .stateless(known) : .handshake(known) }
        guard let remembered, let version = remembered.version else { return .discover }
        if version.isStateless { return isLogin ? .discover : .stateless(version) }
        let age = now - remembered.askedAt
        let isFresh = age < validity && age > .zero - validity
        // Newer versions of the handshake cost nothing to offer.
        return isLogin && !isFresh ? .discover : .handshake(.newestHandshake)
    }

    /// What an answer to `server/discover` says.
    enum Finding: Equatable {
        case stateless(Revision)
        /// Go on with `initialize`, offering this version.
        case handshake(Revision)
        /// Versions that nobody knows, and no other.
        case unknown([String])
        /// 401 or 403: about the token.
        case refused
        /// 429 or 5xx.
        case outage
    }

    /// Reads the answer to `server/discover`.
    static func read(_ response: HTTPResponse, id: Int) -> Finding {
        switch response.status {
        case 401, 403: return .refused
        case 429, 500...: return .outage
        default: break
        }
        switch try? MCPAnswer.read(response, id: id) {
        case .result(let result)? where response.status == 200:
            let offered = result["supportedVersions"]?.strings ?? []
            if let version = best(of: offered, isStateless: true) { return .stateless(version) }
            return .handshake(best(of: offered, isStateless: false) ?? .newestHandshake)
        case .error(UnsupportedVersion.code, _)?:
            guard let supported = UnsupportedVersion.supported(response) else { return .handshake(.newestHandshake) }
            if let version = best(of: supported, isStateless: true) { return .stateless(version) }
            if let version = best(of: supported, isStateless: false) { return .handshake(version) }
            return .unknown(supported)
        default: return .handshake(.newestHandshake)
        }
    }

    private static func best(of versions: [String], isStateless: Bool) -> Revision? {
        versions.compactMap(Revision.init).filter { $0.isStateless == isStateless }.max()
    }
}

/// The error that names the versions a server speaks.
///
/// Source: MCP 2026-07-28, versioning.
enum UnsupportedVersion {
    static let code = -32_022

    /// `data.supported` of such an error; nil when the body is none or has no list.
    static func supported(_ response: HTTPResponse) -> [String]? {
        MCPAnswer.messages(response).lazy.compactMap { $0["error"] }
            .first { $0["code"]?.integer == code }?["data"]?["supported"]?.strings
    }
}
