extension TargetState {
    /// Gives up what hung on a request whose answer never came to be written: nothing is replayed.
    ///
    /// After a refresh the chain is gone, for the server may have rotated its refresh token away. After a
    /// registration the client may exist on the server without us knowing its id, and after a code redemption so may
    /// a pair of tokens; what we had before them still holds. `interrupted` keeps the intent until a run reports it.
    package mutating func giveUpIntent() {
        guard let intent else { return }
        if intent.action == .refresh { chain = nil }
        if intent.action == .idleRefresh { sessions.idle = nil }
        interrupted = intent
        self.intent = nil
    }
}
