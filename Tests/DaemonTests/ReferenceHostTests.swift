import Testing
import WatchCore

@testable import Daemon

@Suite struct ReferenceHostTests {
    /// Answers the one request that is expected, or fails so.
    private struct Elsewhere: HTTPTransport {
        let outcome: Result<HTTPResponse, TransportFailure>

        func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
            #expect(request.method == "HEAD" && request.url.description == "https://elsewhere.example/up")
            return try outcome.get()
        }
    }

    private func failure(_ outcome: Result<HTTPResponse, TransportFailure>) async throws -> String? {
        let url = try #require(WebURL("https://elsewhere.example/up"))
        return await ReferenceHost(url: url, transport: Elsewhere(outcome: outcome)).failure()
    }

    @Test(arguments: [200, 301, 404, 405, 500, 503])
    func isThere_whateverItAnswers(status: Int) async throws {
        #expect(try await failure(.success(HTTPResponse(status: status))) == nil)
    }

    @Test(arguments: [
        TransportFailure.Kind.connectionRefused, .connectionReset, .malformed, .truncated,
    ])
    func isThere_whenItRefusesToTalk(kind: TransportFailure.Kind) async throws {
        #expect(try await failure(.failure(TransportFailure(kind, "x"))) == nil)
    }

    @Test(arguments: [
        TransportFailure.Kind.timedOut, .nameNotFound, .resolverUnreachable, .noRoute, .tlsVerification, .tlsHandshake,
        .addressRefused,
    ])
    func isAway_andSaysWhy_whenNothingComesBack(kind: TransportFailure.Kind) async throws {
        #expect(try await failure(.failure(TransportFailure(kind, "no answer"))) == "no answer")
    }
}
