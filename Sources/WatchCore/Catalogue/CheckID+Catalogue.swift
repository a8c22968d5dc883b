/// The table of all checks: what each asserts, how much it weighs and what to do. The rows stand in the extensions of
/// `CheckEntry`; the compiler sees to it that none is missing.
extension CheckID {
    /// The step that the check belongs to.
    package var step: Step { entry.step }
    /// How much its finding weighs unless the check says otherwise.
    package var severity: Severity { entry.severity }
    /// Whose part misbehaves unless the check says otherwise.
    package var layer: Layer { entry.layer }
    /// What holds when all is well.
    package var asserts: String { entry.asserts }
    /// The standard it rests on; empty where the check is about the monitor itself.
    package var source: String { entry.source }
    /// What usually is behind it when it does not hold, the most frequent first.
    package var causes: [String] { entry.causes }
    /// What the operator can do when it does not hold.
    package var remedy: String { entry.remedy }
    /// Public reports of it: repository and number.
    package var seenIn: [String] { entry.seenIn }

    private var entry: CheckEntry {
        switch self {
        case .challengeStatus: .challengeStatus
        case .challengeHeader: .challengeHeader
        case .challengeResourceMetadata: .challengeResourceMetadata
        case .challengeErrorUninvited: .challengeErrorUninvited
        case .discoveryResourceMetadata: .discoveryResourceMetadata
        case .discoveryResource: .discoveryResource
        case .discoveryAuthorizationServers: .discoveryAuthorizationServers
        case .discoveryMetadata: .discoveryMetadata
        case .discoveryIssuer: .discoveryIssuer
        case .discoveryEndpoints: .discoveryEndpoints
        case .discoveryS256: .discoveryS256
        case .discoveryHttps: .discoveryHttps
        case .discoveryMethods: .discoveryMethods
        case .discoveryScopes: .discoveryScopes
        case .discoveryHostSteering: .discoveryHostSteering
        case .registrationEndpoint: .registrationEndpoint
        case .registrationStatus: .registrationStatus
        case .registrationClientId: .registrationClientId
        case .registrationShape: .registrationShape
        case .registrationLoopbackPort: .registrationLoopbackPort
        case .authorizationPage: .authorizationPage
        case .authorizationLoop: .authorizationLoop
        case .authorizationHeaders: .authorizationHeaders
        case .authenticationFormOrigin: .authenticationFormOrigin
        case .authenticationFormMethod: .authenticationFormMethod
        case .authenticationPasswordField: .authenticationPasswordField
        case .authenticationRejected: .authenticationRejected
        case .authenticationRedirect: .authenticationRedirect
        case .authenticationPostRedirect: .authenticationPostRedirect
        case .authenticationState: .authenticationState
        case .authenticationIss: .authenticationIss
        case .tokenStatus: .tokenStatus
        case .tokenJson: .tokenJson
        case .tokenErrorIn200: .tokenErrorIn200
        case .tokenAccessToken: .tokenAccessToken
        case .tokenType: .tokenType
        case .tokenExpiresIn: .tokenExpiresIn
        case .tokenNoStore: .tokenNoStore
        case .tokenScope: .tokenScope
        case .tokenRefreshIssued: .tokenRefreshIssued
        case .tokenJwt: .tokenJwt
        case .tokenErrorCode: .tokenErrorCode
        case .mcpStatus: .mcpStatus
        case .mcpBody: .mcpBody
        case .mcpId: .mcpId
        case .mcpError: .mcpError
        case .mcpVersion: .mcpVersion
        case .mcpRevision: .mcpRevision
        case .mcpScope: .mcpScope
        case .mcpHandshake: .mcpHandshake
        case .mcpTools: .mcpTools
        case .mcpUserAgent: .mcpUserAgent
        case .mcpCors: .mcpCors
        case .mcpNoToken: .mcpNoToken
        case .mcpOpenListing: .mcpOpenListing
        case .refreshStatus: .refreshStatus
        case .refreshAccessToken: .refreshAccessToken
        case .refreshWorks: .refreshWorks
        case .refreshSameToken: .refreshSameToken
        case .refreshRotation: .refreshRotation
        case .refreshScope: .refreshScope
        case .sessionRefresh: .sessionRefresh
        case .sessionClient: .sessionClient
        case .sessionEarlyDeath: .sessionEarlyDeath
        case .sessionOldAccessToken: .sessionOldAccessToken
        case .sessionSingleSession: .sessionSingleSession
        case .sessionInterrupted: .sessionInterrupted
        case .revocationStatus: .revocationStatus
        case .personaDifference: .personaDifference
        case .budgetExhausted: .budgetExhausted
        case .tlsVerify: .tlsVerify
        case .tlsExpiry: .tlsExpiry
        case .latencyBudget: .latencyBudget
        case .baselineChanged: .baselineChanged
        case .clockSkew: .clockSkew
        case .stateWritable: .stateWritable
        case .monitorStopped: .monitorStopped
        case .monitorNetwork: .monitorNetwork
        case .monitorUnwatched: .monitorUnwatched
        case .mcpGarbageToken: .mcpGarbageToken
        case .mcpTamperedToken: .mcpTamperedToken
        case .mcpAlgNone: .mcpAlgNone
        case .mcpQueryToken: .mcpQueryToken
        case .mcpBasicScheme: .mcpBasicScheme
        case .mcpRefreshAsAccess: .mcpRefreshAsAccess
        case .mcpExpiredToken: .mcpExpiredToken
        case .mcpSessionWithoutToken: .mcpSessionWithoutToken
        case .mcpOtherAudience: .mcpOtherAudience
        case .mcpBadOrigin: .mcpBadOrigin
        case .authorizeUnknownClient: .authorizeUnknownClient
        case .authorizeUnregisteredRedirect: .authorizeUnregisteredRedirect
        case .authorizeRedirectPrefix: .authorizeRedirectPrefix
        case .authorizeNoPkce: .authorizeNoPkce
        case .authorizePlainPkce: .authorizePlainPkce
        case .authorizeImplicit: .authorizeImplicit
        case .authorizePostTampered: .authorizePostTampered
        case .authorizeWrongPassword: .authorizeWrongPassword
        case .authorizeUnknownUser: .authorizeUnknownUser
        case .authorizeCsrf: .authorizeCsrf
        case .tokenWrongVerifier: .tokenWrongVerifier
        case .tokenNoVerifier: .tokenNoVerifier
        case .tokenOtherClient: .tokenOtherClient
        case .tokenOtherRedirect: .tokenOtherRedirect
        case .tokenCodeReplay: .tokenCodeReplay
        case .tokenRandomCode: .tokenRandomCode
        case .tokenUnknownClient: .tokenUnknownClient
        case .tokenWrongSecret: .tokenWrongSecret
        case .tokenPasswordGrant: .tokenPasswordGrant
        case .tokenGet: .tokenGet
        case .refreshGarbage: .refreshGarbage
        case .refreshReplay: .refreshReplay
        case .refreshOtherClient: .refreshOtherClient
        case .refreshAccessAsRefresh: .refreshAccessAsRefresh
        case .refreshWiderScope: .refreshWiderScope
        case .revokeIgnored: .revokeIgnored
        case .registerBadRedirect: .registerBadRedirect
        case .introspectOpen: .introspectOpen
        }
    }
}
