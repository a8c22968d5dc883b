import Testing
import WatchCore

@testable import SetupUser

struct RegistrationAnswerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var status = 200
        var type = "text/html; charset=utf-8"
        let body: String
        var asksAgain = false
        let expected: String
    }

    @Test(arguments: pages + others)
    func believesOnlyWhatIsSaid(_ answer: Case) throws {
        let url = try #require(WebURL("https://as.example/register_user"))
        let response = HTTPResponse(
            status: answer.status, fields: ["Content-Type": answer.type], body: Array(answer.body.utf8))
        let verdict = RegistrationAnswer(
            response: response, url: url, before: ["Register", "Already registered? Log in"],
            asksAgain: answer.asksAgain
        ).verdict
        #expect(Self.text(verdict) == answer.expected)
    }

    static let pages: [Case] = [
        Case(
            testDescription: "words of success", body: "<p>Registration successful! You can log in now.</p>",
            expected: "created 200: “Registration successful! You can log in now.”"),
        Case(
            testDescription: "words of success above the form", body: "<p>The user was created.</p><h1>Register</h1>",
            asksAgain: true, expected: "created 200: “The user was created.”"),
        Case(
            testDescription: "the form again, with a reason in a 200",
            body: "<h1>Register</h1><p>Password too short</p>",
            asksAgain: true, expected: "refused 200: “Password too short”"),
        Case(
            testDescription: "the form again, without a word", body: "<h1>Register</h1>", asksAgain: true,
            expected: "refused 200"),
        Case(
            testDescription: "success and failure in one", body: "<p>Not registered: invalid name</p>",
            expected: "unsure 200: “Not registered: invalid name”"),
        Case(
            testDescription: "a page that tells nothing", body: "<h1>Log in</h1>", expected: "unsure 200: “Log in”"),
        Case(
            testDescription: "what stood on the form's page before does not count",
            body: "<p>Already registered? Log in</p><p>Account created</p>", expected: "created 200: “Account created”"),
        Case(
            testDescription: "taken, in a 200", body: "<p>The name <b>alice</b> is already taken.</p>", asksAgain: true,
            expected: "exists 200: “The name alice is already taken.”"),
        Case(testDescription: "conflict", status: 409, body: "", expected: "exists 409"),
        Case(
            testDescription: "a guess of the first user's server", status: 400, type: "text/plain",
            body: "Registration failed - user might already exist",
            expected: "refused 400: “Registration failed - user might already exist”"),
        Case(
            testDescription: "an error of the server", status: 500, body: "<p>Oops</p>",
            expected: "unsure 500: “Oops”"),
        Case(testDescription: "a redirect that is not followed", status: 307, body: "", expected: "unsure 307"),
        Case(testDescription: "created by its status", status: 201, body: "", expected: "created 201"),
    ]

    static let others: [Case] = [
        Case(
            testDescription: "JSON that says so", type: "application/json", body: #"{"success":true,"message":"hi"}"#,
            expected: "created 200: “hi”"),
        Case(
            testDescription: "JSON with an error in a 200", type: "application/json",
            body: #"{"error":"weak password"}"#,
            expected: "refused 200: “weak password”"),
        Case(
            testDescription: "JSON with an error in a 201", status: 201, type: "application/json",
            body: #"{"status":"error"}"#, expected: "refused 201: “error”"),
        Case(
            testDescription: "JSON that tells nothing", type: "application/json", body: #"{"error":null,"id":7}"#,
            expected: "unsure 200"),
        Case(
            testDescription: "JSON about an existing user", status: 400, type: "application/json",
            body: #"{"detail":"Username already exists"}"#, expected: "exists 400: “Username already exists”"),
    ]

    private static func text(_ verdict: RegistrationAnswer.Verdict) -> String {
        let (name, words) =
            switch verdict {
            case .created(let words): ("created", words)
            case .exists(let words): ("exists", words)
            case .refused(let words): ("refused", words)
            case .unsure(let words): ("unsure", words)
            }
        return "\(name) \(words.replacing("https://as.example/register_user answered ", with: ""))"
    }
}
