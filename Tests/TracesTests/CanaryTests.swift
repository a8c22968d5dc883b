import Crypto
import Testing
import WatchCore

@testable import Traces

/// Secrets of every kind, in every spelling, at every place of a run: nothing of them is in the trace.
struct CanaryTests {
    private static let password = "Pw9/qX+tR 4&mZ=e\"7<s>\u{fc}K%2b"
    private static let values = [
        "code": "cD7-kQ_2vTzX9wLp4mNs8bYr", "verifier": "vRf3kLm9QxTz7bNw5cYp2sDg8hJv4nMq6tWx1zAe0uI",
        "cookie": "s%3AcK8mWq3.bT5+xZ/9pLr2=", "access": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0In0.aC5tR9wQ3xK7mZ",
        "refresh": "rF2~8xQw.6mKp_3vTz-9bLn5cYs", "csrf": "xS4fTk7mQz2wLp9vBn3cRy6dHg8jMt5N",
        "secret": "cS6 t&/+k=9Qm:2w\u{e9}Xp", "registration": "rG1stR4ti0nT0k3nAbCdEfGh",
    ]
    private static let secrets = [password] + values.values.sorted()
    private static let leaks = secrets.map(Leak.init)

    private static func ledger() -> SecretLedger {
        var ledger = SecretLedger()
        ledger.add(password: Secret(password))
        for value in values.values { ledger.add(value) }
        return ledger
    }

    private func record(_ exchanges: [Exchange], _ text: String = "") -> RunRecord {
        var run = SampleRun.record(exchanges)
        run.secrets = Self.ledger()
        run.serverURL += text
        run.username += text
        run.clientName += text
        run.summary.clientID = "client \(text)"
        run.findings = [Finding(.tokenStatus, nil, "saw \(text)", evidence: text, remedy: "look at \(text)")]
        return run
    }

    /// The spelling in every place that a server, or we, can put it to.
    private func exchanges(_ form: String) throws -> [Exchange] {
        let url = try SampleRun.url(
            "http://127.0.0.1/a/\(PercentEncoding.encodeForm(form))?q=\(PercentEncoding.encodeForm(form))")
        let fields: HTTPFields = [
            "Authorization": "Bearer \(form)", "Cookie": "a=\(form); b=2", "X-Custom": form,
            "Referer": "http://x/?\(form)",
        ]
        let answers: [(String, String)] = [
            ("text/html", "<p>\(form)</p><input type=hidden name=x value=\"\(form)\"><a href='/x?y=\(form)&amp;z'>"),
            ("text/html", "<script>var a = {\"b\": \"\(form)\"}; location = '\(form)'</script>"),
            (
                "application/json",
                JSON.object([.init("a", .string(form)), .init(form, ["b", .string("x \(form) y")])]).text()
            ),
            ("application/json", "{\"access_token\": \"\(form)"), ("text/plain", form), ("", form + form),
            (
                "text/event-stream",
                "event: x\ndata: {\"a\":\(JSON.string(form).text())}\n\n: \(form)\n\ndata: \(form)\n"
            ),
            ("text/html", "Cookie: a=\(form)\nSet-Cookie: x=\(form)\nAuthorization: Basic \(form)"),
        ]
        let bodies: [RequestBody] = [
            .form([FormPair("x", form), FormPair("code", form), FormPair(form, "y")]), .json(["x": .string(form)]),
            .bytes(Array("raw \(form) text".utf8), contentType: "text/plain"),
        ]
        return answers.enumerated().map { index, answer in
            let request = HTTPRequest(.token, "POST", url, fields: fields, body: bodies[index % bodies.count])
            var response = HTTPResponse(status: 200, body: Array(answer.1.utf8))
            response.fields = [
                "Content-Type": answer.0, "Set-Cookie": "sid=\(form); Path=/; Comment=\(form)",
                "Location": "/cb?code=\(form)&x=\(form)#access_token=\(form)",
                "WWW-Authenticate": "Bearer x=\"\(form)\"",
            ]
            response.sentFields = fields
            response.tls = TLSFacts(version: "1.3", subject: form, issuer: form, notAfter: nil)
            let failure = TransportFailure(.truncated, "broke at \(form)", partial: response)
            return SampleRun.exchange(request, index == 0 ? .failure(failure) : .success(response))
        } + [
            SampleRun.exchange(
                HTTPRequest(.mcp, "GET", try SampleRun.url("http://u:\(PercentEncoding.encodeForm(form))@h/")),
                .failure(TransportFailure(.addressRefused, form)))
        ]
    }

    @Test(arguments: secrets)
    func survivesNowhere_inNoSpelling(secret: String) throws {
        let leak = Leak(of: secret)
        for (name, form) in Encodings.all(of: secret) {
            let run = record(try exchanges(form), form)
            #expect(!leak.found(in: form).isEmpty || form.utf8.count < 24, "the search itself is blind to \(name)")
            let trace = String(decoding: SampleRun.document(run).bytes, as: UTF8.self)
            #expect(leak.found(in: trace) == [], "written as \(name)")
        }
    }

    @Test func passwordsHaveNoFingerprint_anywhere() throws {
        let run = record(try exchanges(Self.password), Self.password)
        let key = RedactorTests.key
        let label = Fingerprint(key: key).label(Self.password.utf8)
        let trace = String(decoding: SampleRun.document(run).bytes, as: UTF8.self)
        #expect(!trace.contains(label))
        #expect(trace.contains("<password>"))
    }

    @Test func withoutRedaction_thePasswordIsStillNowhere() throws {
        let leak = Leak(of: Self.password)
        for (name, form) in Encodings.all(of: Self.password) {
            let run = record(try exchanges(form), form)
            let redactor = Redactor(secrets: run.secrets, key: RedactorTests.key, mode: .passwordsOnly)
            let trace = String(decoding: SampleRun.document(run, redactor).bytes, as: UTF8.self)
            #expect(leak.found(in: trace) == [], "written as \(name)")
        }
    }

    /// Texts made at random around secrets, from a seed that is named when it fails.
    @Test(arguments: 0..<200)
    func survivesInNoRandomText(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let redactor = Redactor(secrets: Self.ledger(), key: RedactorTests.key)
        var text = ""
        var placed: [String] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            text += Filler.text(using: &random)
            guard let secret = Self.secrets.randomElement(using: &random),
                let form = Encodings.all(of: secret).randomElement(using: &random)
            else { continue }
            text += form.text
            placed.append("\(form.name) of \(secret.prefix(4))")
        }
        text += Filler.text(using: &random)
        let redacted = redactor.text(text)
        for leak in Self.leaks { #expect(leak.found(in: redacted) == [], "seed \(seed), \(placed)") }
    }

    private static let words =
        (UInt8.min...UInt8.max).map { String(UnicodeScalar($0)) } + [
            "bearer", "Basic", "BEARER ", "basic ", "eyJ", "eyj", "csrf", "password", "access_token", "//user:",
            "input",
            "<input", "u002f", "SplxlOBeZQQYbYS6WxSbIA", "\"code", "Bearer SplxlOBeZQQYbYS6WxSbIA", ": ", "; ",
            "http://h/",
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.x", "//u:p@h", "'", " ", "code=", "&amp;", "%2f", "\\n", "\u{fc}",
        ]

    /// What lets the redactor leave out two of its three looks: a text that is plain by its bytes has nothing for them.
    @Test(arguments: 0..<200)
    func plainTextHasNeitherStructureNorEscapes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var plain = 0
        for _ in 0..<100 {
            let text = (0..<Int.random(in: 1...9, using: &random)).compactMap { _ in
                Self.words.randomElement(using: &random)
            }
            let bytes = Array(text.joined().utf8)
            guard bytes.withUnsafeBufferPointer(ByteTraits.arePlain) else { continue }
            plain += 1
            var layers = 0
            PeeledText.forEachLayer(of: bytes) { _ in layers += 1 }
            #expect(layers == 1, "seed \(seed)")
            #expect(StructureScanner(bytes).places.isEmpty, "seed \(seed)")
        }
        #expect(plain > 0)
    }
}
