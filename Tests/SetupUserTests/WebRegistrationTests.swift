import Egress
import Synchronization
import Testing
import WatchCore

@testable import SetupUser

struct WebRegistrationTests {
    static let form = """
        <form method="post" action="/register_user"><input type="hidden" name="csrf" value="c1"><input name="username">
        <input name="email" type="email"><input type="password" name="password">
        <input type="password" name="confirm_password"></form>
        """
    static let filled = "username=alice&email=a%40example.com&password=s3cret&confirm_password=s3cret"

    @Test func sendsTheForm_withItsHiddenFieldsAndCookies() async throws {
        let server = FakeServer([
            "GET /register_user": .page(Self.form, cookie: "s=1"),
            "POST /register_user": HTTPResponse(status: 201),
        ])
        #expect(try await register(server) == .created("https://as.test/register_user answered 201"))
        let post = try #require(server.requests.last)
        #expect(post.body.map { String(decoding: $0.bytes, as: UTF8.self) } == "csrf=c1&\(Self.filled)")
        #expect(post.fields["cookie"] == "s=1")
        #expect(post.fields["origin"] == "https://as.test")
    }

    @Test(arguments: [HTTPResponse(status: 405), .page("<div id=root></div><script src=/a.js></script>")])
    func sendsThePlainForm_whenNoneIsShown(answer: HTTPResponse) async throws {
        let server = FakeServer(["GET /register_user": answer, "POST /register_user": HTTPResponse(status: 201)])
        #expect(try await register(server) == .created("https://as.test/register_user answered 201"))
        #expect(server.requests.last?.body.map { String(decoding: $0.bytes, as: UTF8.self) } == Self.filled)
    }

    @Test func goesWhereTheAnswerRedirectsTo() async throws {
        let server = FakeServer([
            "GET /register_user": .page(Self.form),
            "POST /register_user": .redirect("/login", cookie: "flash=1"),
            "GET /login": .page("<p>Account created</p><form><input name=u></form>"),
        ])
        #expect(try await register(server) == .created("https://as.test/login answered 200: “Account created”"))
        #expect(server.requests.last?.fields["cookie"] == "flash=1")
    }

    @Test func doesNotTakeARedirectForSuccess() async throws {
        let server = FakeServer([
            "GET /register_user": .page(Self.form), "POST /register_user": .redirect("/register_user"),
        ])
        #expect(try await register(server) == .refused("https://as.test/register_user answered 200"))
    }

    /// The credential guard: nothing of the password leaves for another origin.
    @Test func sendsNothing_whenTheFormGoesElsewhere() async throws {
        let server = FakeServer([
            "GET /register_user": .page(Self.form.replacing("/register_user", with: "https://evil.test/register"))
        ])
        guard case .unavailable(let words) = try await register(server) else {
            Issue.record("it was sent")
            return
        }
        #expect(words.contains("https://evil.test may not receive credentials"))
        #expect(server.requests.map(\.method) == ["GET"])
    }

    @Test(arguments: [
        (HTTPResponse(status: 404), "answered 404, no form"),
        (.page(Self.form.replacing("post", with: "get")), "the form would put the password into a URL (method GET)"),
        (
            .page("<form action=/login><input name=u><input type=password name=p></form>"),
            "no form that makes an account"
        ),
        (.page("<div class=g-recaptcha></div>"), "needs a browser: CAPTCHA (reCAPTCHA)"),
    ])
    func sendsNothing_whenThereIsNoFormToFill(answer: HTTPResponse, reason: String) async throws {
        let server = FakeServer(["GET /register_user": answer])
        #expect(try await register(server) == .unavailable("https://as.test/register_user: \(reason)"))
        #expect(server.requests.count == 1)
    }

    @Test func doesNotResend_whenTheAnswerWantsThat() async throws {
        let server = FakeServer([
            "GET /register_user": .page(Self.form),
            "POST /register_user": HTTPResponse(status: 307, fields: ["Location": "/elsewhere"]),
        ])
        #expect(try await register(server) == .unsure("https://as.test/register_user answered 307"))
        #expect(server.requests.count == 2)
    }

    private func register(_ server: FakeServer) async throws -> WebRegistration.Result {
        let url = try #require(WebURL("https://as.test/mcp"))
        let redirectURI = try #require(WebURL("http://localhost:3000/callback"))
        let target = TargetSettings(
            name: "test", server: url, username: "alice", password: nil, redirectURI: redirectURI)
        var registration = WebRegistration(
            server: url,
            account: Account(username: "alice", email: "a@example.com", password: Secret("s3cret")),
            transport: Egress(transport: server, settings: target, clock: SystemClock()), clock: SystemClock())
        return await registration.register()
    }
}

/// Answers by method and path; a request that it does not know fails the test.
private final class FakeServer: HTTPTransport {
    private let answers: [String: HTTPResponse]
    private let seen = Mutex<[HTTPRequest]>([])

    init(_ answers: [String: HTTPResponse]) { self.answers = answers }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        guard request.url.host == "as.test", let answer = answers["\(request.method) \(request.url.path)"] else {
            Issue.record("unexpected: \(request.method) \(request.url)")
            throw TransportFailure(.connectionRefused, "unexpected")
        }
        return answer
    }
}

extension HTTPResponse {
    fileprivate static func page(_ html: String, cookie: String? = nil) -> HTTPResponse {
        var response = HTTPResponse(status: 200, fields: ["Content-Type": "text/html"], body: Array(html.utf8))
        response.fields["Set-Cookie"] = cookie
        return response
    }

    fileprivate static func redirect(_ location: String, cookie: String? = nil) -> HTTPResponse {
        var response = HTTPResponse(status: 302, fields: ["Location": location])
        response.fields["Set-Cookie"] = cookie
        return response
    }
}
