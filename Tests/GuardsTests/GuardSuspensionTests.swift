import Testing
import WatchCore

@testable import Guards

struct GuardSuspensionTests {
    static let now = WallTime(seconds: 1_800_000_000)

    /// A login run whose token request ended so.
    private func record(
        _ result: Result<HTTPResponse, TransportFailure>, _ severity: Severity? = .failure, milliseconds: Int64 = 0
    ) throws -> RunRecord {
        let url = try #require(WebURL("https://mcp.test/token"))
        var record = RunRecord(
            target: "a", kind: .login, serverURL: "", username: "", clientName: "", startedAt: Self.now)
        let body = RequestBody.form([FormPair("grant_type", "refresh_token")])
        record.exchanges = [
            Exchange(
                request: HTTPRequest(.token, "POST", url, body: body), startedAt: Self.now, endedAt: Self.now,
                result: result.map { response in
                    var response = response
                    response.phases.firstByte = .milliseconds(milliseconds)
                    return response
                })
        ]
        if let severity { record.findings = [Finding(.tokenStatus, severity, "x")] }
        return record
    }

    @Test(arguments: [403, 429])
    func suspendsForADay_whenTheServerTurnsUsAwayAfterAGuard(status: Int) throws {
        var state = GuardState()
        state.lastSent = Self.now + .seconds(-600)
        let record = try record(.success(HTTPResponse(status: status)))
        #expect(state.areBlamed(by: record, at: Self.now))
        #expect(state.marked(record.findings).first?.message.contains("monitor-induced") == true)
        state.observe(record, at: Self.now)
        #expect(state.isSuspended(at: Self.now + .seconds(86_399)))
        #expect(!state.isSuspended(at: Self.now + .seconds(86_400)))
    }

    @Test func suspends_whenConnectionsAreRefusedAfterAGuard() throws {
        var state = GuardState()
        state.lastSent = Self.now
        state.observe(try record(.failure(TransportFailure(.connectionRefused, "refused"))), at: Self.now)
        #expect(state.isSuspended(at: Self.now))
    }

    @Test func doesNotBlameGuards_thatRanLongAgo_orWhereTheFlowGoesOn() throws {
        var state = GuardState()
        state.lastSent = Self.now + .seconds(-901)
        #expect(!state.areBlamed(by: try record(.success(HTTPResponse(status: 429))), at: Self.now))
        state.lastSent = Self.now
        #expect(!state.areBlamed(by: try record(.success(HTTPResponse(status: 403)), nil), at: Self.now))
        #expect(!state.areBlamed(by: try record(.success(HTTPResponse(status: 500))), at: Self.now))
        var scope = HTTPResponse(status: 403)
        scope.fields["WWW-Authenticate"] = #"Bearer error="insufficient_scope", scope="admin""#
        #expect(!state.areBlamed(by: try record(.success(scope)), at: Self.now))
    }

    @Test func suspendsWithoutMark_whenTheTokenEndpointIsTwiceAsSlow() throws {
        var state = GuardState()
        func run(_ milliseconds: Int64) throws {
            let answer = try record(.success(HTTPResponse(status: 200)), nil, milliseconds: milliseconds)
            state.observe(answer, at: Self.now)
        }
        for _ in 0..<12 { try run(100) }
        for _ in 0..<2 { try run(400) }
        #expect(!state.isSuspended(at: Self.now))
        for _ in 0..<3 { try run(400) }
        #expect(state.isSuspended(at: Self.now))
        #expect(state.suspension?.contains("slow") == true)
    }

    @Test func takesNoiseForNoise() throws {
        var state = GuardState()
        for milliseconds in [2, 3, 2, 2, 3, 2, 2, 2, 9, 9, 9, 9] as [Int64] {
            state.observe(
                try record(.success(HTTPResponse(status: 200)), nil, milliseconds: milliseconds), at: Self.now)
        }
        #expect(!state.isSuspended(at: Self.now))
    }
}
