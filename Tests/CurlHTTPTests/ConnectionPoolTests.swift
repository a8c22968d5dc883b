import Testing

@testable import CurlHTTP

struct ConnectionPoolTests {
    /// A transfer that was cut closes the pool while whoever ends it still holds its handle: 10 kB for each such run
    /// stayed behind.
    @Test func freesEverything_whileAHandleIsStillHeld() throws {
        try CurlLibrary.start()
        let pool = ConnectionPool()
        let easy = try pool.take { (_) throws(CurlError) in }
        #expect(!pool.isClosed)
        pool.give(back: easy, wasCut: true)
        #expect(pool.isClosed)
        // Nothing of the closed pool is used by the next one.
        let next = try pool.take { (_) throws(CurlError) in }
        #expect(next !== easy)
        pool.give(back: next, wasCut: false)
        withExtendedLifetime(easy) { pool.close() }
        #expect(pool.isClosed)
    }
}
