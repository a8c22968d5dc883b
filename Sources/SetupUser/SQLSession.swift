import WatchCore

/// A connection to a database, used by one thread only. Its calls block.
protocol SQLSession {
    /// Rows of name and `1` or `0` for each column of the table `users`: whether it must be given a value.
    static var columns: String { get }

    /// Begins a transaction that will write.
    ///
    /// - Throws: `DatabaseFailure` when the database refuses.
    func begin() throws(DatabaseFailure)

    /// Runs one statement.
    ///
    /// - Parameters:
    ///   - statement: with `$1`, `$2`, … in this order for the parameters.
    ///   - parameters: bound, never part of the statement.
    /// - Throws: `DatabaseFailure` when the database refuses.
    @discardableResult
    func run(_ statement: String, _ parameters: [String]) throws(DatabaseFailure) -> SQLAnswer
}

/// What a statement brought.
struct SQLAnswer: Hashable {
    var rows: [[String?]] = []
    /// Rows that were inserted or updated.
    var changed = 0
}

/// The database cannot be reached, or refused something.
struct DatabaseFailure: Error, Hashable {
    /// One line.
    var message: String

    /// `message` may have several lines; a person reads one.
    init(_ message: String) {
        self.message = message.split { $0.isNewline }.map(\.trimmingSpaces).joined(separator: " ")
    }
}
