import Testing
import WatchCore

@testable import SetupUser

struct DatabaseAddressTests {
    @Test(arguments: [
        ("postgresql://u:p@h:5432/d", DatabaseAddress.postgreSQL(Secret("postgresql://u:p@h:5432/d"))),
        ("postgres://h/d?sslmode=require", .postgreSQL(Secret("postgresql://h/d?sslmode=require"))),
        ("postgresql+psycopg2://h/d", .postgreSQL(Secret("postgresql://h/d"))),
        ("sqlite:////var/lib/pantry.db", .sqlite(path: "/var/lib/pantry.db")),
        ("sqlite:///pantry.db", .sqlite(path: "pantry.db")),
        ("sqlite+pysqlite:///a/b.db?timeout=3", .sqlite(path: "a/b.db")),
    ])
    func readsWhatServersAreToldToUse(text: String, address: DatabaseAddress) throws {
        #expect(try DatabaseAddress(text) == address)
    }

    @Test(arguments: ["", "mysql://u:secret@h/d", "secret", "sqlite://secret", "sqlite:///", "sqlite:///:memory:"])
    func refusesOthers_withoutShowingThem(text: String) throws {
        let problem = try #require(throws: DatabaseAddress.Malformed.self) { try DatabaseAddress(text) }
        #expect(!problem.message.contains("secret"))
        #expect(problem.message.hasSuffix("write postgresql://user@host/database, or sqlite:////absolute/path"))
    }
}
