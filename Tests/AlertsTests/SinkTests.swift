import Synchronization
import Testing
import WatchCore

@testable import Alerts

@Suite struct SinkTests {
    private let url = WebURL(scheme: "https", host: "hook.example", path: "/secret/topic")

    private func notification(_ events: [Finding] = [Scene.outage]) throws -> Notification {
        var scene = Scene()
        scene.run("a", .login, events)
        scene.pass(60)
        let told = scene.machine.observe(scene.observation("a", .login, events), isMuted: { _ in false })
        return try #require(told.first)
    }

    @Test func postsOurJSON_withItsKey_andTheOperatorsFields() async throws {
        let server = Receiver(status: 204)
        let sink = WebhookSink(url: url, body: .oauthwatch, headers: ["Authorization": "Bearer t"], transport: server)
        let notification = try notification()
        try await sink.deliver([notification])
        let request = try #require(server.requests.first)
        #expect(request.url == url && request.method == "POST" && request.carriesSecret)
        #expect(request.fields["Idempotency-Key"] == notification.key && request.fields["Authorization"] == "Bearer t")
        #expect(request.body == .json(notification.json))
    }

    @Test func makesADigestOfSeveral() async throws {
        let server = Receiver(status: 200)
        let one = try notification()
        var two = one
        two.key = "other/firing"
        try await WebhookSink(url: url, body: .oauthwatch, headers: [:], transport: server).deliver([one, two])
        guard case .json(let json)? = server.requests.first?.body else {
            Issue.record("a JSON body is expected")
            return
        }
        #expect(json["event"] == "digest")
        #expect(json["notifications"]?.array?.map { $0["key"] } == [.string(one.key), "other/firing"])
    }

    @Test func callsNobodyInSlack_forAServerThatWantsIt() throws {
        let evil = try notification([Finding(.tokenStatus, .failure, "<!channel> & <http://evil|click>")])
        let text = WebhookBody.slack.json([evil])["text"]?.string ?? ""
        #expect(text.contains("&lt;!channel&gt; &amp; &lt;http://evil|click&gt;"))
    }

    @Test func speaksToNtfy_withTheTopicOfTheURL() async throws {
        let server = Receiver(status: 200)
        try await WebhookSink(url: url, body: .ntfy, headers: [:], transport: server).deliver([try notification()])
        let request = try #require(server.requests.first)
        #expect(request.url.path == "/secret/")
        guard case .json(let json)? = request.body else {
            Issue.record("a JSON body is expected")
            return
        }
        #expect(json["topic"] == "topic" && json["priority"] == 5 && json["title"] == "FIRING a: new logins fail")
    }

    @Test(arguments: [302, 400, 401, 500])
    func takesNothingBut2xxForArrived_andNeverShowsTheURL(status: Int) async throws {
        let sink = WebhookSink(url: url, body: .oauthwatch, headers: [:], transport: Receiver(status: status))
        let notification = try notification()
        let failure = await #expect(throws: DeliveryFailure.self) { try await sink.deliver([notification]) }
        #expect(failure?.message == "https://hook.example answers \(status)")
    }

    @Test func obeysRetryAfter() async throws {
        let sink = WebhookSink(
            url: url, body: .oauthwatch, headers: [:], transport: Receiver(status: 429, fields: ["Retry-After": "7"]))
        let notification = try notification()
        let failure = await #expect(throws: DeliveryFailure.self) { try await sink.deliver([notification]) }
        #expect(failure?.wait == .seconds(7))
    }

    @Test func tellsAlertmanagerBeginAndEnd_withTheSameLabels() throws {
        let firing = try notification()
        var resolved = firing
        (resolved.event, resolved.at) = (.resolved, firing.at + .seconds(600))
        let sink = AlertmanagerSink(
            url: WebURL(scheme: "http", host: "127.0.0.1", port: 9093, path: "/prefix/"), headers: [:],
            labels: ["team": "identity"], transport: Receiver(status: 200),
            clock: FixedClock(wallTime: firing.at + .seconds(600)))
        let begin = try #require(sink.alerts(firing).first)
        let end = try #require(sink.alerts(resolved).first)
        #expect(begin["labels"] == end["labels"])
        #expect(
            begin["labels"] == [
                "alertname": "OauthwatchLogin", "target": "a", "symptom": "login", "severity": "critical",
                "incident": .string(firing.incident), "team": "identity",
            ])
        #expect(begin["startsAt"] == end["startsAt"])
        #expect(begin.time("endsAt") == firing.at + .seconds(900))
        #expect(end.time("endsAt") == firing.at + .seconds(600))
    }

    @Test func endsNoAlertBeforeItBegan_whenTheClockWasSetBack() throws {
        var resolved = try notification()
        resolved.event = .resolved
        resolved.at = resolved.since + .seconds(-86_400)
        let sink = AlertmanagerSink(
            url: url, headers: [:], labels: [:], transport: Receiver(status: 200),
            clock: FixedClock(wallTime: resolved.at))
        let alert = try #require(sink.alerts(resolved).first)
        let (start, end) = (try #require(alert.time("startsAt")), try #require(alert.time("endsAt")))
        #expect(start < end && end <= resolved.at)
    }

    @Test func runsAProgram_withTheAlertOnItsInput_andWithoutAShell() async throws {
        let notification = try notification()
        let key = notification.key
        let check = "import json,sys; d=json.load(sys.stdin); sys.exit(0 if d['key']==sys.argv[1] else 9)"
        try await CommandSink(["/usr/bin/env", "python3", "-c", check, key], timeout: .seconds(60)).deliver([
            notification
        ])
        let odd = try CommandSink(["/usr/bin/env", "python3", "-c", check, "$(echo x); true"], timeout: .seconds(60))
        let failure = await #expect(throws: DeliveryFailure.self) { try await odd.deliver([notification]) }
        #expect(failure?.message == "/usr/bin/env ended with status 9")
    }

    @Test func killsAProgramThatIsLate_withWhatItStarted() async throws {
        let sink = try CommandSink(["/bin/sh", "-c", "sleep 1000 & sleep 1000"], timeout: .milliseconds(200))
        let notification = try notification()
        let failure = await #expect(throws: DeliveryFailure.self) { try await sink.deliver([notification]) }
        #expect(failure?.message == "/bin/sh took longer than 0.2 s and was killed")
    }

    @Test func saysWhatIsWrong_withAProgramThatIsNotThere() async throws {
        let sink = try CommandSink(["/nowhere/page"], timeout: .seconds(5))
        let notification = try notification()
        let failure = await #expect(throws: DeliveryFailure.self) { try await sink.deliver([notification]) }
        #expect(failure?.message == "/nowhere/page cannot be run: No such file or directory")
    }

    @Test func routesByTargetSymptomAndSeverity() throws {
        let login = try notification()
        #expect(AlertRoute().takes(login))
        #expect(!AlertRoute(targets: ["b"]).takes(login) && AlertRoute(targets: ["a"]).takes(login))
        #expect(!AlertRoute(symptoms: [.session]).takes(login))
        #expect(!AlertRoute(severities: [.insecure]).takes(login))
        #expect(!AlertRoute().takes(try notification([Scene.slow])))
        #expect(AlertRoute(targets: ["b"], symptoms: []).takes(Notification(testing: "a", at: WallTime(seconds: 0))))
    }
}

/// A receiver that answers one way, and remembers what it got.
final class Receiver: HTTPTransport {
    private let answer: HTTPResponse
    private let seen = Mutex<[HTTPRequest]>([])

    init(status: Int, fields: HTTPFields = [:]) { answer = HTTPResponse(status: status, fields: fields) }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        return answer
    }
}

/// A clock that stands.
struct FixedClock: WatchClock {
    var now = Instant(nanoseconds: 0)
    var wallTime: WallTime

    func sleep(until deadline: Instant) async throws { try await Task.sleep(for: .seconds(3_600)) }
}
