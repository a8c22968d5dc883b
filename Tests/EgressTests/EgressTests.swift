import Egress
import Synchronization
import Testing
import WatchCore

/// Answers every request with 200 and remembers it.
private final class FakeTransport: HTTPTransport {
    let requests = Mutex<[HTTPRequest]>([])

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        requests.withLock { $0.append(request) }
        return HTTPResponse(status: 200)
    }
}

/// Never answers in time.
private struct SilentTransport: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        throw TransportFailure(.timedOut, "no answer within 6.0 s")
    }
}

/// Stands still until a test moves it.
private final class FakeClock: WatchClock {
    private let time = Mutex(Instant(nanoseconds: 0))
    var now: Instant { time.withLock { $0 } }
    var wallTime: WallTime { WallTime(nanoseconds: 0) }

    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }

    func sleep(until deadline: Instant) async throws {
        Issue.record("Egress does not wait")
    }
}

private struct BadURL: Error {}

private func url(_ text: String) throws -> WebURL {
    guard let url = WebURL(text) else { throw BadURL() }
    return url
}

@Suite struct EgressTests {
    private let transport = FakeTransport()
    private let clock = FakeClock()

    private func settings(_ server: String = "https://mcp.example/mcp") throws -> TargetSettings {
        TargetSettings(
            name: "t", server: try url(server), username: "u", password: nil,
            redirectURI: try url("http://localhost:3000/callback"))
    }

    private func request(_ text: String, secret: Bool = false) throws -> HTTPRequest {
        HTTPRequest(.token, "POST", try url(text), carriesSecret: secret)
    }

    private func refusal(_ egress: Egress, _ request: HTTPRequest) async -> TransportFailure? {
        do throws(TransportFailure) {
            _ = try await egress.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("https://mcp.example/login", true), ("https://other.example/", true), ("https://login.example/x", false),
        ("http://mcp.example/login", false), ("https://mcp.example:8443/login", false),
    ])
    func sendsSecretsToAllowedOriginsOnly(target: String, isAllowed: Bool) async throws {
        var settings = try settings()
        settings.allowedOrigins = [try url("https://other.example/").origin]
        let egress = Egress(transport: transport, settings: settings, clock: clock)
        let failure = await refusal(egress, try request(target, secret: true))
        #expect(failure?.kind == (isAllowed ? nil : .originRefused))
        #expect(transport.requests.withLock { $0.count } == (isAllowed ? 1 : 0))
        #expect(await refusal(egress, try request(target)) == nil)
    }

    @Test func saysWhatToPaste_whenAnOriginIsRefused_andTakesItOnceAllowed() async throws {
        let egress = Egress(transport: transport, settings: try settings(), clock: clock)
        let login = try request("https://login.example/authorize?state=canary", secret: true)
        let message = await refusal(egress, login)?.message
        #expect(message?.contains("allowedOrigins: [https://login.example]") == true)
        #expect(message?.contains("--allow-origin https://login.example") == true)
        #expect(message?.contains("canary") == false)
        egress.allow(login.url.origin)
        #expect(await refusal(egress, login) == nil)
    }

    @Test(arguments: ["ftp://mcp.example/", "file://mcp.example/etc/passwd", "myapp://mcp.example/callback"])
    func fetchesOnlyHTTP(target: String) async throws {
        let egress = Egress(transport: transport, settings: try settings(), clock: clock)
        #expect(await refusal(egress, try request(target))?.kind == .addressRefused)
        #expect(transport.requests.withLock { $0.isEmpty })
    }

    @Test func endsWithTheNumberOfRequests() async throws {
        let egress = Egress(transport: transport, settings: try settings(), clock: clock, requestBudget: 3)
        for _ in 0..<3 { #expect(await refusal(egress, try request("https://mcp.example/")) == nil) }
        #expect(await refusal(egress, try request("https://mcp.example/"))?.kind == .budgetExhausted)
        #expect(transport.requests.withLock { $0.count } == 3)
    }

    @Test func givesTheRunThreeTimesTheTimeOfOneRequest() async throws {
        var settings = try settings()
        settings.timeout = .seconds(10)
        let egress = Egress(transport: transport, settings: settings, clock: clock)
        let request = try request("https://mcp.example/")
        #expect(await refusal(egress, request) == nil)
        clock.advance(.seconds(24))
        #expect(await refusal(egress, request) == nil)
        #expect(transport.requests.withLock { $0.map(\.timeLimit) } == [nil, .seconds(6)])
        clock.advance(.seconds(6))
        #expect(await refusal(egress, request)?.kind == .budgetExhausted)
    }

    @Test func namesTheRunsTime_whenThatCutARequestShort() async throws {
        var settings = try settings()
        settings.timeout = .seconds(10)
        let egress = Egress(transport: SilentTransport(), settings: settings, clock: clock)
        let request = try request("https://mcp.example/")
        #expect(await refusal(egress, request)?.message == "no answer within 6.0 s")
        clock.advance(.seconds(24))
        let failure = await refusal(egress, request)
        #expect(failure?.kind == .timedOut)
        #expect(failure?.message == "no answer within 6.0 s, which was left of the run's 30.0 s")
    }

    @Test func addsExtraFieldsForTheConfiguredServerOnly() async throws {
        var settings = try settings()
        settings.connection.headers = ["CF-Access": "canary", "Accept": "text/html"]
        let egress = Egress(transport: transport, settings: settings, clock: clock)
        var own = try request("https://mcp.example/")
        own.fields = ["accept": "application/json"]
        _ = try await egress.send(own)
        _ = try await egress.send(try request("https://login.example/"))
        let sent = transport.requests.withLock { $0.map(\.fields) }
        #expect(sent == [["accept": "application/json", "CF-Access": "canary"], [:]])
    }
}
