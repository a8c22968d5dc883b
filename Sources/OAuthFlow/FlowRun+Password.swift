import Crypto
import HTMLForms
import WatchCore

/// Keeps the monitor from locking its own account.
extension FlowRun {
    private static let rounds = 20_000

    /// Asks whether the password may be sent now, and keeps on disk that it was.
    func spendPasswordSubmission(_ submission: FormSubmission) async throws(Halted) {
        check(
            .authenticationFormMethod, submission.method == "POST",
            "the login form uses \(submission.method): the password stands in URLs and logs")
        pass(.authenticationPasswordField)
        pass(.authenticationFormOrigin)
        try await forgetRejectionsOfAnotherPassword()
        let time = now
        let history = await accountHistory()
        if let next = history.nextSubmission(allowedPerDay: target.budgets.rejectedLoginsPerDay, now: time) {
            throw halt(
                .budgetExhausted,
                "the password was rejected \(history.consecutiveRejections) times in a row; the next try is at "
                    + next.iso8601Seconds)
        }
        // The code comes back to this request, so one write tells of both.
        try await remember { state in
            state.login.submitted(at: time)
            state.intent = Intent(.codeRedemption, at: time)
        }
        redemptionIsWritten = true
        note { $0.facts.passwordSubmissions += 1 }
    }

    /// What has happened to the account, here and at other targets. Rejections of another password there count only when
    /// ours was rejected, too: a good password must not wait for a bad one.
    private func accountHistory() async -> LoginHistory {
        let own = await environment.memory.state.login
        let others = await environment.historiesElsewhere(target.username).filter { other in
            own.consecutiveRejections > 0 || other.rejectedPassword.map(isOurs) ?? false
        }
        return own.joined(with: others)
    }

    /// Whether a kept hash is that of the password in use.
    private func isOurs(_ kept: String) -> Bool {
        guard let password = target.password,
            let salt = kept.split(separator: "$").first.flatMap({ Base64URL.decode(String($0)) })
        else { return false }
        return Self.hash(password, salt: salt) == kept
    }

    /// The login has come through.
    func passwordWasAccepted() {
        pass(.authenticationRejected)
        rememberSoon { $0.login.accepted() }
    }

    /// The same form came back. A failure to keep that is a finding of its own.
    func passwordWasRejected() async {
        note { $0.facts.passwordRejections += 1 }
        let time = now
        let hash = target.password.map { Self.hash($0, salt: environment.randomBytes(16)) }
        try? await remember { state in
            state.login.rejected(at: time)
            state.login.rejectedPassword = hash
            state.intent = nil
        }
    }

    /// A new password begins without a history.
    private func forgetRejectionsOfAnotherPassword() async throws(Halted) {
        let history = await environment.memory.state.login
        guard history.consecutiveRejections > 0, target.password != nil, let kept = history.rejectedPassword,
            !isOurs(kept)
        else { return }
        try await remember { $0.login.passwordChanged() }
    }

    private static func hash(_ password: Secret, salt: [UInt8]) -> String {
        let key = PBKDF2.derive(password: password.reveal(), salt: salt, rounds: rounds)
        return "\(Base64URL.encode(salt))$\(Base64URL.encode(key))"
    }
}
