import WatchCore

/// What a database of the server would hold now.
package struct LabRows: Sendable, Hashable {
    package var clients: Int
    /// Access tokens that a request with them would still be answered for.
    package var liveAccessTokens: Int
    /// Refresh tokens that would still be taken.
    package var liveRefreshTokens: Int
}

extension LabServer {
    /// Counts what is alive.
    package var rows: LabRows {
        let now = clock.now
        return store.withLock { state in
            LabRows(
                clients: state.clients.count,
                liveAccessTokens: state.accessTokens.values.count { now < $0.expiresAt },
                liveRefreshTokens: state.refreshTokens.values.count { token in
                    token.rotatedAt == nil && token.expiresAt.map { now < $0 } ?? true
                })
        }
    }
}
