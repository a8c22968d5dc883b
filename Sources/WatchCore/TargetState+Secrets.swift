extension TargetState {
    /// Every secret that is kept of a target: the server gave them and may say them again at any time, in runs that do not
    /// use them, too.
    package var secrets: [Secret] {
        let chains = [chain, sessions.idle?.chain, guards.expiring].compactMap { $0 }
        let clients = [client].compactMap { $0 } + personaClients.values + sessions.formerClients + guards.clients
        return chains.flatMap { [$0.accessToken, $0.refreshToken].compactMap { $0 } }
            + clients.flatMap { [$0.clientSecret, $0.registrationAccessToken].compactMap { $0 } }
            + sessions.refused.map(\.token)
    }
}

extension TargetSettings {
    /// The passwords of all accounts that the operator named for the target.
    package var passwords: [Secret] { [password, sessionAccount?.password, guards.password].compactMap { $0 } }
}
