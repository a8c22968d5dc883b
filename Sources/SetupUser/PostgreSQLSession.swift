import CPQ
import WatchCore

/// A connection to PostgreSQL.
///
/// Source: libpq, PQconnectdbParams, PQexecParams.
final class PostgreSQLSession: SQLSession {
    static let columns = """
        SELECT a.attname, CASE WHEN (a.attnotnull OR t.typnotnull) AND NOT a.atthasdef AND t.typdefault IS NULL \
        AND a.attidentity = '' AND a.attgenerated = '' THEN 1 ELSE 0 END \
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
        WHERE a.attrelid = to_regclass('users') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """

    private let connection: OpaquePointer
    /// Milliseconds.
    private let timeout: Int64

    /// Connects.
    ///
    /// - Parameters:
    ///   - address: a connection URI.
    ///   - timeout: to connect, and for each statement.
    /// - Throws: `DatabaseFailure` when there is no connection.
    init(_ address: Secret, timeout: Duration) throws(DatabaseFailure) {
        try Self.check(address)
        self.timeout = max(1, timeout.nanoseconds / 1_000_000)
        // What stands in the address comes last and wins.
        let settings = [
            ("connect_timeout", String(max(2, self.timeout / 1000))), ("tcp_user_timeout", String(self.timeout)),
            ("client_encoding", "UTF8"), ("fallback_application_name", Version.userAgent),
            ("dbname", address.reveal()),
        ]
        let opened = CStrings(settings.map(\.0)).withPointers { names in
            CStrings(settings.map(\.1)).withPointers { PQconnectdbParams(names, $0, 1) }
        }
        guard let opened else { throw DatabaseFailure("no memory for a connection") }
        connection = opened
        guard PQstatus(connection) == CONNECTION_OK else { throw failure() }
        PQsetNoticeProcessor(connection, ignoreNotice, nil)
    }

    deinit { PQfinish(connection) }

    func begin() throws(DatabaseFailure) {
        try run("BEGIN", [])
        try run("SELECT set_config('statement_timeout', $1, true)", [String(timeout)])
    }

    @discardableResult
    func run(_ statement: String, _ parameters: [String]) throws(DatabaseFailure) -> SQLAnswer {
        let result = CStrings(parameters).withPointers {
            PQexecParams(connection, statement, Int32(parameters.count), nil, $0, nil, nil, 0)
        }
        guard let result else { throw failure() }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return Self.answer(result)
        default: throw failure(result)
        }
    }

    private static func answer(_ result: OpaquePointer) -> SQLAnswer {
        let rows = (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column -> String? in
                guard PQgetisnull(result, row, column) == 0 else { return nil }
                return PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
        return SQLAnswer(rows: rows, changed: PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0)
    }

    /// libpq would quote a malformed address, password and all.
    private static func check(_ address: Secret) throws(DatabaseFailure) {
        var reason: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(address.reveal(), &reason)
        defer {
            PQconninfoFree(options)
            PQfreemem(reason)
        }
        guard options != nil else {
            throw DatabaseFailure("the address of the database is no connection URI of PostgreSQL")
        }
    }

    private func failure(_ result: OpaquePointer? = nil) -> DatabaseFailure {
        // Of a result only the primary message: the detail may quote the whole row.
        let primary = result.flatMap { PQresultErrorField($0, oauthwatch_pg_message_primary) }
        let text = primary.map { String(cString: $0) } ?? PQerrorMessage(connection).map { String(cString: $0) }
        return DatabaseFailure(text ?? "libpq tells no reason")
    }
}

/// Notices are for developers of the database.
private func ignoreNotice(_ context: UnsafeMutableRawPointer?, _ message: UnsafePointer<CChar>?) {}
