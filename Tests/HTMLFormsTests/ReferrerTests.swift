import HTMLForms
import Testing
import WatchCore

/// What the request of a form says of its page. The first three rows are what Chromium 156 sent to a recording server.
@Suite struct ReferrerTests {
    static let page = "https://as.example/login?state=1"

    @Test(
        arguments: [
            (nil, "https://as.example/in", page, "https://as.example"),
            ("no-referrer", "https://as.example/in", nil, "null"),
            ("same-origin", "https://as.example/in", page, "https://as.example"),
            (nil, "https://other.example/in", "https://as.example/", "https://as.example"),
            (nil, "http://other.example/in", nil, "null"),
            (nil, "http://127.0.0.1:3000/in", "https://as.example/", "https://as.example"),
            ("same-origin", "https://other.example/in", nil, "null"),
            ("origin", "http://other.example/in", "https://as.example/", "https://as.example"),
            ("strict-origin", "https://as.example/in", "https://as.example/", "https://as.example"),
            ("strict-origin", "http://other.example/in", nil, "null"),
            ("origin-when-cross-origin", "http://other.example/in", "https://as.example/", "https://as.example"),
            ("no-referrer-when-downgrade", "https://other.example/in", page, "https://as.example"),
            ("no-referrer-when-downgrade", "http://other.example/in", nil, "null"),
            ("unsafe-url", "http://other.example/in", page, "https://as.example"),
            ("no-referrer, unsafe-url, of-tomorrow", "http://other.example/in", page, "https://as.example"),
            ("of-tomorrow", "https://as.example/in", page, "https://as.example"),
        ] as [(String?, String, String?, String)])
    func tellsOfThePageWhatItsPolicyAllows(policy: String?, to: String, referer: String?, origin: String) throws {
        let fields = HTTPFields(policy.map { [HTTPFields.Field("Referrer-Policy", $0)] } ?? [])
        let request = try Self.marked("<form method=post></form>", fields, to: to)
        #expect(request.fields["Referer"] == referer)
        #expect(request.fields["Origin"] == origin)
    }

    @Test(
        arguments: [
            ("no-referrer", nil), ("never", nil), ("ALWAYS", page), ("default", page), ("unknown", nil),
            ("origin-when-crossorigin", page),
        ] as [(String, String?)])
    func takesThePolicyInThePageBeforeTheAnswers(word: String, referer: String?) throws {
        let html = "<meta name=Referrer content=\"\(word)\"><form method=post></form>"
        let request = try Self.marked(html, ["Referrer-Policy": "no-referrer"], to: "https://as.example/in")
        #expect(request.fields["Referer"] == referer)
    }

    @Test func namesNoOrigin_whereNothingIsPosted() throws {
        let request = try Self.marked("", [:], to: "https://as.example/in", method: "GET")
        #expect(request.fields["Referer"] == Self.page)
        #expect(request.fields["Origin"] == nil)
    }

    private static func marked(
        _ html: String, _ fields: HTTPFields, to: String, method: String = "POST"
    ) throws -> HTTPRequest {
        let document = try TestPage.read(html, at: "https://user:pw@as.example/login?state=1#top")
        var request = HTTPRequest(.authentication, method, try #require(WebURL(to)))
        Referrer(document, fields).mark(&request)
        return request
    }
}
