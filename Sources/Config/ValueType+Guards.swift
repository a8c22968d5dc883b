import WatchCore

/// The section `guards` while it is read.
struct GuardsDraft: Sendable {
    var settings = GuardSettings()
    var off: [String: String] = [:]

    /// The settings that it describes.
    var guards: GuardSettings {
        var guards = settings
        for (name, reason) in off { if let id = CheckID(rawValue: name) { guards.disabled[id] = reason } }
        return guards
    }

    /// Notes names that are no guards, and a password without its user.
    func check(at position: TextPosition, _ decoding: inout Decoding) {
        let names = CheckID.guards.map(\.rawValue)
        for name in off.keys.sorted() where !names.contains(name) {
            decoding.inside(key: "off") {
                $0.problem(
                    at: position, "\"\(name.shown)\" is no guard",
                    allowed: NearestKey.suggestion(for: name, among: names))
            }
        }
        guard settings.password != nil, settings.username == nil else { return }
        decoding.inside(key: "username") {
            $0.problem(at: position, "is missing", allowed: "the user whom the password belongs to")
        }
    }
}

extension ValueType<GuardSettings> {
    /// Which wrong requests are tried.
    static let guards = ValueType<GuardsDraft>.section(
        GuardsDraft(),
        keys: [
            ConfigurationKey(
                "enabled", \.settings.isEnabled, .flag, default: "true",
                "Whether any is sent; the call without a token always is, as part of the flow."),
            ConfigurationKey(
                "off", \.off, .texts, default: "none",
                "Guards that are not tried: the id, and the reason why not."),
            ConfigurationKey(
                "username", \.settings.username, .text, default: "the target's",
                "A user of their own for the logins of guards."),
            ConfigurationKey("passwordFile", \.settings.password, .secretFile, "That user's password."),
            ConfigurationKey(
                "decoy", \.settings.decoy, .text, default: "the user of the guards",
                "A user that exists and may be locked: a wrong password is tried for it once a day."),
            ConfigurationKey(
                "interval", \.settings.interval, .interval, default: "1h",
                "Time between runs of the guards that cost the server nothing."),
            ConfigurationKey(
                "loginsPerDay", \.settings.loginsPerDay, .integer(0...8), default: "8",
                "Logins of guards in 24 hours."),
            ConfigurationKey(
                "refreshGrace", \.settings.refreshGrace, .duration(atMost: (.seconds(60), "60s")), default: "10s",
                "For this time a used refresh token may be taken again: a client repeats a lost request."),
        ],
        check: { $0.check(at: $1, &$2) }
    ).map(\.guards)
}
