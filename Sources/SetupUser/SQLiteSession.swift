import CSQLite
import WatchCore

/// A connection to a file of SQLite.
///
/// Source: SQLite, sqlite3_open_v2, sqlite3_prepare_v2.
final class SQLiteSession: SQLSession {
    /// An `INTEGER PRIMARY KEY` numbers itself; hidden columns are computed.
    static let columns = """
        SELECT name, "notnull" AND dflt_value IS NULL AND hidden = 0 AND NOT (pk AND upper(type) = 'INTEGER') \
        FROM pragma_table_xinfo('users')
        """

    private let database: OpaquePointer

    /// Opens a file that exists.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - timeout: how long to wait for another program's lock.
    /// - Throws: `DatabaseFailure` when it cannot be opened.
    init(path: String, timeout: Duration) throws(DatabaseFailure) {
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE, nil)
        guard let opened else { throw DatabaseFailure("no memory to open \(path)") }
        database = opened
        guard status == SQLITE_OK else {
            throw DatabaseFailure("cannot open \(path): \(String(cString: sqlite3_errmsg(opened)))")
        }
        sqlite3_busy_timeout(database, Int32(clamping: timeout.nanoseconds / 1_000_000))
    }

    deinit { sqlite3_close_v2(database) }

    func begin() throws(DatabaseFailure) { try run("BEGIN IMMEDIATE", []) }

    @discardableResult
    func run(_ statement: String, _ parameters: [String]) throws(DatabaseFailure) -> SQLAnswer {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(database, statement, -1, &prepared, nil) == SQLITE_OK, let prepared
        else { throw failure() }
        let rows = CStrings(parameters).withPointers { pointers -> [[String?]]? in
            // The statement ends before the texts that are bound to it.
            defer { sqlite3_finalize(prepared) }
            for index in parameters.indices {
                guard sqlite3_bind_text(prepared, Int32(index) + 1, pointers?[index], -1, nil) == SQLITE_OK
                else { return nil }
            }
            return Self.rows(of: prepared)
        }
        guard let rows else { throw failure() }
        return SQLAnswer(rows: rows, changed: Int(sqlite3_changes(database)))
    }

    /// nil when a step failed.
    private static func rows(of statement: OpaquePointer) -> [[String?]]? {
        var rows: [[String?]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                rows.append(
                    (0..<sqlite3_column_count(statement)).map { column in
                        sqlite3_column_text(statement, column).map { String(cString: $0) }
                    })
            case SQLITE_DONE: return rows
            default: return nil
            }
        }
    }

    private func failure() -> DatabaseFailure { DatabaseFailure(String(cString: sqlite3_errmsg(database))) }
}
