import WatchCore

/// The database of users, on a thread of its own: its calls wait for network and disk.
actor UserDatabase {
    private let address: DatabaseAddress
    private let timeout: Duration
    private let executor: ThreadExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The database at an address; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - address: where it is.
    ///   - timeout: to connect, and for each statement.
    /// - Throws: `DatabaseFailure` when the system gives no thread.
    init(_ address: DatabaseAddress, timeout: Duration) throws(DatabaseFailure) {
        self.address = address
        self.timeout = timeout
        do throws(ThreadFailure) { executor = try ThreadExecutor() } catch { throw DatabaseFailure(error.message) }
    }

    /// Connects, and inserts the account or changes its password.
    ///
    /// - Parameter updates: whether an existing user gets the password.
    /// - Throws: `DatabaseFailure`; nothing was changed then.
    func save(_ account: Account, updates: Bool) throws(DatabaseFailure) -> UserTable.Change {
        try UserTable(session: try connect()).save(account, updates: updates)
    }

    private func connect() throws(DatabaseFailure) -> any SQLSession {
        switch address {
        case .postgreSQL(let uri): try PostgreSQLSession(uri, timeout: timeout)
        case .sqlite(let path): try SQLiteSession(path: path, timeout: timeout)
        }
    }
}
