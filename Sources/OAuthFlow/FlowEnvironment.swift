internal import Crypto
package import WatchCore

/// What a run needs from outside; a test hands in fakes.
package struct FlowEnvironment: Sendable {
    package var transport: any HTTPTransport
    package var clock: any WatchClock
    package var memory: any TargetMemory
    package var observer: (any RunObserver)?
    /// Whether an origin may receive credentials.
    package var permitsSecrets: @Sendable (Origin) -> Bool
    /// Allows the announced authorization server's origin; only called for a target with `allowsAnnouncedOrigin`.
    package var allowAnnounced: @Sendable (Origin) -> Void
    /// Asks what is up whenever this machine's network is, and says why it fails, too; nil when it answers, or when
    /// there is no such thing.
    package var referenceFailure: @Sendable () async -> String? = { nil }
    /// The password histories of a user at other targets with the same authorization server.
    package var historiesElsewhere: @Sendable (_ username: String) async -> [LoginHistory] = { _ in [] }
    /// That many unpredictable bytes.
    package var randomBytes: @Sendable (Int) -> [UInt8] = { SecureRandom.bytes($0) }

    /// What a run needs from outside.
    package init(
        transport: any HTTPTransport, clock: any WatchClock, memory: any TargetMemory,
        observer: (any RunObserver)? = nil, permitsSecrets: @escaping @Sendable (Origin) -> Bool,
        allowAnnounced: @escaping @Sendable (Origin) -> Void
    ) {
        self.transport = transport
        self.clock = clock
        self.memory = memory
        self.observer = observer
        self.permitsSecrets = permitsSecrets
        self.allowAnnounced = allowAnnounced
    }

    /// A random text of 43 characters, fit for a verifier, a state or a nonce.
    ///
    /// Source: RFC 7636 §4.1.
    package func randomText() -> String { Base64URL.encode(randomBytes(32)) }
}
