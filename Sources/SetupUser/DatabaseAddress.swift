import WatchCore

/// Where the users are kept: `postgresql://…` or `sqlite:///path`.
///
/// Source: libpq, connection URIs; SQLAlchemy, database URLs (`postgresql+psycopg://`, three slashes for a relative
/// path and four for an absolute one).
enum DatabaseAddress: Sendable, Hashable {
    /// A connection URI of libpq; it may hold a password.
    case postgreSQL(Secret)
    /// The file.
    case sqlite(path: String)

    /// The address cannot be used.
    struct Malformed: Error {
        /// One line; never the address itself, in which a password may stand.
        var message: String
    }

    /// Reads an address.
    ///
    /// - Throws: `Malformed` for another kind of database, or none.
    init(_ text: String) throws(Malformed) {
        guard let mark = text.firstRange(of: "://") else { throw Self.unknown("it has no scheme") }
        let scheme = text[..<mark.lowerBound].lowercased().split(separator: "+").first.map(String.init) ?? ""
        let rest = text[mark.upperBound...]
        switch scheme {
        case "postgresql", "postgres": self = .postgreSQL(Secret("postgresql://\(rest)"))
        case "sqlite":
            guard rest.hasPrefix("/") else { throw Self.unknown("sqlite needs three slashes before the path") }
            let path = String(rest.dropFirst().prefix { $0 != "?" })
            guard !path.isEmpty, path != ":memory:" else { throw Self.unknown("sqlite needs a file") }
            self = .sqlite(path: path)
        default: throw Self.unknown("“\(scheme)” is not supported")
        }
    }

    /// How messages call it.
    var name: String {
        switch self {
        case .postgreSQL: "the PostgreSQL database"
        case .sqlite(let path): "the SQLite database \(path)"
        }
    }

    private static func unknown(_ reason: String) -> Malformed {
        Malformed(message: "\(reason); write postgresql://user@host/database, or sqlite:////absolute/path")
    }
}
