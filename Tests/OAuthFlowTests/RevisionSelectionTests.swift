import Testing
import WatchCore

@testable import OAuthFlow

/// The rules of choosing a revision, one row each.
struct RevisionSelectionTests {
    private static let now = WallTime(seconds: 1_800_000_000)

    private static func choice(_ version: Revision?, hoursAgo: Int = 1) -> RevisionChoice {
        RevisionChoice(profile: .june2025, version: version, askedAt: now + .seconds(-3_600 * hoursAgo))
    }

    struct Opening: Sendable {
        var pin: Revision?
        var settled: Revision?
        var remembered: RevisionChoice?
        var isLogin = true
        var expected: RevisionSelection.Opening
    }

    static let openings = [
        Opening(expected: .discover),
        Opening(pin: .march2025, remembered: choice(.july2026), expected: .handshake(.march2025)),
        Opening(pin: .june2025, expected: .handshake(.june2025)),
        Opening(pin: .july2026, remembered: choice(.june2025), expected: .stateless(.july2026)),
        Opening(settled: .june2025, remembered: choice(.july2026), expected: .handshake(.june2025)),
        Opening(settled: .july2026, expected: .stateless(.july2026)),
        Opening(remembered: choice(.july2026), expected: .discover),
        Opening(remembered: choice(.july2026), isLogin: false, expected: .stateless(.july2026)),
        Opening(remembered: choice(.june2025), expected: .handshake(.november2025)),
        Opening(remembered: choice(.june2025, hoursAgo: 25), expected: .discover),
        Opening(remembered: choice(.june2025, hoursAgo: 25), isLogin: false, expected: .handshake(.november2025)),
        Opening(remembered: choice(.june2025, hoursAgo: -25), expected: .discover),
        Opening(remembered: choice(nil), expected: .discover),
        Opening(isLogin: false, expected: .discover),
    ]

    @Test(arguments: openings)
    func opensAsKnown(_ row: Opening) {
        let opening = RevisionSelection.opening(
            pin: row.pin, settled: row.settled, remembered: row.remembered, isLogin: row.isLogin, now: Self.now)
        #expect(opening == row.expected)
    }

    private static func discovered(_ versions: [String]) -> HTTPResponse {
        .json([
            "jsonrpc": "2.0", "id": 7,
            "result": ["resultType": "complete", "supportedVersions": .array(versions.map { .string($0) })],
        ])
    }

    private static func unsupported(_ versions: JSON, status: Int = 400) -> HTTPResponse {
        .rpcError(7, -32_022, status: status, data: ["supported": versions])
    }

    private static func stream(_ versions: String) -> HTTPResponse {
        let data = #"{"jsonrpc":"2.0","id":7,"result":{"supportedVersions":\#(versions)}}"#
        return HTTPResponse(
            status: 200, fields: ["Content-Type": "text/event-stream"],
            body: Array("id: 0\ndata:\n\nevent: message\ndata: \(data)\n\n".utf8))
    }

    static let answers: [(HTTPResponse, RevisionSelection.Finding)] = [
        (discovered(["2026-07-28"]), .stateless(.july2026)),
        (discovered(["2026-07-28", "2025-11-25"]), .stateless(.july2026)),
        (discovered(["2027-01-01", "2026-07-28"]), .stateless(.july2026)),
        (stream(#"["2026-07-28"]"#), .stateless(.july2026)),
        (discovered(["2025-06-18", "2025-03-26"]), .handshake(.june2025)),
        (discovered([]), .handshake(.november2025)),
        (discovered(["1999-12-31"]), .handshake(.november2025)),
        (unsupported(["2025-11-25", "2025-03-26"]), .handshake(.november2025)),
        (unsupported(["2025-03-26"], status: 200), .handshake(.march2025)),
        (unsupported(["2026-07-28"]), .stateless(.july2026)),
        (unsupported(["2027-01-01"]), .unknown(["2027-01-01"])),
        (unsupported(.null), .handshake(.november2025)),
        (.rpcError(7, -32_601), .handshake(.november2025)),
        (.rpcError(7, -32_601, status: 404), .handshake(.november2025)),
        (.rpcError(7, -32_000, status: 400), .handshake(.november2025)),
        (.json(["error": "Mcp-Session-Id is missing"], status: 400), .handshake(.november2025)),
        (HTTPResponse(status: 405), .handshake(.november2025)),
        (HTTPResponse(status: 202), .handshake(.november2025)),
        (.page("<html>hello</html>"), .handshake(.november2025)),
        (HTTPResponse(status: 401), .refused), (HTTPResponse(status: 403), .refused),
        (HTTPResponse(status: 429), .outage), (HTTPResponse(status: 500), .outage),
        (discovered(["2026-07-28"]).with(status: 503), .outage),
    ]

    @Test(arguments: answers.indices)
    func readsWhatTheServerSays(_ row: Int) {
        #expect(RevisionSelection.read(Self.answers[row].0, id: 7) == Self.answers[row].1)
    }
}

extension HTTPResponse {
    fileprivate func with(status: Int) -> HTTPResponse {
        var copy = self
        copy.status = status
        return copy
    }
}
