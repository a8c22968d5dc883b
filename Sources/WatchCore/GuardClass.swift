/// How much a guard may cost the server, and so how often it is tried. The raw value is its label in metrics.
package enum GuardClass: String, Sendable, Hashable, CaseIterable, Comparable {
    /// May run often.
    case harmless = "C"
    /// Needs a session that may be lost, made for it.
    case sacrificial = "S"
    /// Rarely: it looks like an attack, or leaves something behind.
    case slow = "T"

    package static func < (a: GuardClass, b: GuardClass) -> Bool { a.rawValue < b.rawValue }
}

extension CheckID {
    /// The class of a guard; nil for a check of the ordinary flow.
    package var guardClass: GuardClass? {
        switch self {
        case .mcpNoToken, .mcpOpenListing, .mcpGarbageToken, .mcpTamperedToken, .mcpAlgNone, .mcpBasicScheme,
            .mcpExpiredToken, .mcpSessionWithoutToken, .mcpBadOrigin, .authorizeUnknownClient,
            .authorizeUnregisteredRedirect, .authorizeRedirectPrefix, .authorizeNoPkce, .authorizePlainPkce,
            .authorizeImplicit, .tokenRandomCode, .tokenUnknownClient, .refreshGarbage, .introspectOpen:
            .harmless
        case .mcpQueryToken, .mcpRefreshAsAccess, .mcpOtherAudience, .authorizePostTampered, .authorizeCsrf,
            .tokenWrongVerifier, .tokenNoVerifier, .tokenOtherClient, .tokenOtherRedirect, .tokenCodeReplay, .tokenGet,
            .refreshReplay, .refreshOtherClient, .refreshAccessAsRefresh, .refreshWiderScope, .sessionOldAccessToken,
            .revokeIgnored:
            .sacrificial
        case .authorizeWrongPassword, .authorizeUnknownUser, .tokenWrongSecret, .tokenPasswordGrant,
            .registerBadRedirect:
            .slow
        default: nil
        }
    }

    /// All guards, in the order of the table.
    package static let guards = allCases.filter { $0.guardClass != nil }
}
