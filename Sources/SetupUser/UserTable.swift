import WatchCore

/// The table `users`, changed in one transaction.
struct UserTable {
    /// What became of the account.
    enum Change: Hashable {
        case created, updated
        /// Nothing was changed. Whether the password is the same; nil when the hash does not tell.
        case exists(samePassword: Bool?)
    }

    let session: any SQLSession

    private static let known = ["username", "password_hash", "email"]

    /// Inserts the account, or changes its password.
    ///
    /// - Parameters:
    ///   - account: who is to be able to log in.
    ///   - updates: whether an existing user gets the password.
    /// - Throws: `DatabaseFailure`; nothing was changed then.
    func save(_ account: Account, updates: Bool) throws(DatabaseFailure) -> Change {
        guard let hash = WerkzeugHash(of: account.password) else {
            throw DatabaseFailure("libcrypto cannot compute scrypt with 32 MiB of memory")
        }
        try session.begin()
        do throws(DatabaseFailure) {
            let change = try apply(account, hash, updates: updates)
            if case .exists = change { try session.run("ROLLBACK", []) } else { try session.run("COMMIT", []) }
            return change
        } catch {
            // When this fails, too, the connection is gone, and the transaction with it.
            _ = try? session.run("ROLLBACK", [])
            throw DatabaseFailure(error.message.replacing(hash.text, with: "<hash>"))
        }
    }

    private func apply(_ account: Account, _ hash: WerkzeugHash, updates: Bool) throws(DatabaseFailure) -> Change {
        let columns = try columns()
        let found = try session.run("SELECT password_hash FROM users WHERE username = $1", [account.username])
        if let row = found.rows.first {
            guard updates else {
                return .exists(samePassword: row[0].flatMap { WerkzeugHash(text: $0).matches(account.password) })
            }
            let update = "UPDATE users SET password_hash = $1 WHERE username = $2"
            try expectOne(try session.run(update, [hash.text, account.username]))
            return .updated
        }
        let values = ["username": account.username, "password_hash": hash.text, "email": account.email]
        let names = Self.known.filter(columns.contains)
        let marks = names.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let insert = "INSERT INTO users (\(names.joined(separator: ", "))) VALUES (\(marks))"
        try expectOne(try session.run(insert, names.compactMap { values[$0] }))
        return .created
    }

    /// The names of all columns.
    private func columns() throws(DatabaseFailure) -> Set<String> {
        let rows = try session.run(type(of: session).columns, []).rows
        let names = rows.compactMap { $0[0] }
        guard !names.isEmpty else { throw DatabaseFailure("there is no table users") }
        let lacking = ["username", "password_hash"].filter { !names.contains($0) }
        guard lacking.isEmpty else {
            throw DatabaseFailure(
                "the table users lacks \(lacking.joined(separator: " and ")); it has \(names.joined(separator: ", "))")
        }
        let unknown = rows.filter { $0[1] == "1" }.compactMap { $0[0] }.filter { !Self.known.contains($0) }
        guard unknown.isEmpty else {
            throw DatabaseFailure(
                "the table users wants values that we do not know, without a default: "
                    + "\(unknown.joined(separator: ", ")); give them defaults, or make the user by other means")
        }
        return Set(names)
    }

    private func expectOne(_ answer: SQLAnswer) throws(DatabaseFailure) {
        guard answer.changed == 1 else { throw DatabaseFailure("\(answer.changed) rows would change, not one") }
    }
}
