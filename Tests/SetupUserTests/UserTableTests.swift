import Glibc
import Testing
import WatchCore

@testable import SetupUser

/// Against a real file of SQLite; PostgreSQL is in `Tests/SetupUser`.
struct UserTableTests {
    static let plain =
        "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, username TEXT NOT NULL UNIQUE, "
        + "password_hash TEXT NOT NULL, email TEXT UNIQUE)"
    static let account = Account(username: "alice", email: "a@example.com", password: Secret("s3cret"))

    @Test func createsOnce_andThenChangesNothing() throws {
        let table = try Table(Self.plain)
        #expect(try table.users.save(Self.account, updates: false) == .created)
        let rows = try table.rows()
        #expect(rows.count == 1)
        #expect(rows[0][1] == "a@example.com")
        #expect(rows[0][2].map { WerkzeugHash(text: $0).matches(Secret("s3cret")) } == true)
        #expect(try table.users.save(Self.account, updates: false) == .exists(samePassword: true))
        var other = Self.account
        other.password = Secret("other")
        #expect(try table.users.save(other, updates: false) == .exists(samePassword: false))
        #expect(try table.rows() == rows)
    }

    @Test func changesThePasswordOnly_whenToldTo() throws {
        let table = try Table(Self.plain)
        #expect(try table.users.save(Self.account, updates: true) == .created)
        let changed = Account(username: "alice", email: "new@example.com", password: Secret("other"))
        #expect(try table.users.save(changed, updates: true) == .updated)
        let row = try table.rows()[0]
        #expect(row[1] == "a@example.com")
        #expect(row[2].map { WerkzeugHash(text: $0).matches(Secret("other")) } == true)
    }

    @Test func doesWithoutAddress_whenTheTableHasNone() throws {
        let table = try Table("CREATE TABLE users (username TEXT UNIQUE, password_hash TEXT)")
        #expect(try table.users.save(Self.account, updates: false) == .created)
    }

    @Test func bindsWhatIsNoWord() throws {
        let table = try Table(Self.plain)
        let name = "Robert'); DROP TABLE users;--"
        let account = Account(username: name, email: "\"$1\"", password: Secret("'"))
        #expect(try table.users.save(account, updates: false) == .created)
        #expect(try table.rows()[0].prefix(2) == [name, "\"$1\""])
    }

    @Test(arguments: [
        ("CREATE TABLE people (username TEXT)", "there is no table users"),
        (
            "CREATE TABLE users (username TEXT, password TEXT)",
            "the table users lacks password_hash; it has username, password"
        ),
        (
            "CREATE TABLE users (username TEXT, password_hash TEXT, city TEXT NOT NULL, role TEXT NOT NULL DEFAULT 'u',"
                + " age INT NOT NULL)",
            "the table users wants values that we do not know, without a default: city, age; give them defaults, or "
                + "make the user by other means"
        ),
        (
            "CREATE TABLE users (username TEXT, password_hash TEXT CHECK (length(password_hash) < 10))",
            "CHECK constraint failed: length(password_hash) < 10"
        ),
    ])
    func saysWhatIsWrong_andChangesNothing(schema: String, message: String) throws {
        let table = try Table(schema)
        #expect(throws: DatabaseFailure(message)) { try table.users.save(Self.account, updates: false) }
        if schema.contains("password_hash") { #expect(try table.rows(of: "username").isEmpty) }
    }

    @Test func refusesAnAddressThatIsAnother() throws {
        let table = try Table(Self.plain)
        _ = try table.users.save(Self.account, updates: false)
        let bob = Account(username: "bob", email: "a@example.com", password: Secret("s3cret"))
        #expect(throws: DatabaseFailure("UNIQUE constraint failed: users.email")) {
            try table.users.save(bob, updates: false)
        }
        #expect(try table.rows().count == 1)
    }

    @Test func makesNoFile_whenThereIsNone() {
        #expect(throws: DatabaseFailure("cannot open /nowhere/users.db: unable to open database file")) {
            try SQLiteSession(path: "/nowhere/users.db", timeout: .seconds(1))
        }
    }
}

/// A file with one table, gone with the test.
private final class Table {
    private let path: String
    private let session: SQLiteSession

    init(_ schema: String) throws {
        var template = Array("/tmp/oauthwatch-users-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        close(descriptor)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        session = try SQLiteSession(path: path, timeout: .seconds(1))
        try session.run(schema, [])
    }

    deinit { unlink(path) }

    var users: UserTable { UserTable(session: session) }

    func rows(of columns: String = "username, email, password_hash") throws -> [[String?]] {
        try session.run("SELECT \(columns) FROM users", []).rows
    }
}
