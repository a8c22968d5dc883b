import Crypto
import Testing
import WatchCore

@testable import Traces

struct RedactorTests {
    static let key = [UInt8](repeating: 7, count: 32)

    static func redactor(
        passwords: [String] = [], values: [String] = [], mode: Redactor.Mode = .full
    ) -> Redactor {
        var ledger = SecretLedger()
        for password in passwords { ledger.add(password: Secret(password)) }
        for value in values { ledger.add(value) }
        return Redactor(secrets: ledger, key: key, mode: mode)
    }

    private let bare = Self.redactor()

    @Test(arguments: [
        "https://a.example/cb?code=SplxlOBe&x=1", "/cb#access_token=SplxlOBe", "code_verifier=SplxlOBe",
        "next=%2Fauthorize%3Fstate%3DSplxlOBe", "next=%252Fauthorize%253Fstate%253DSplxlOBe",
        "<a href=\"/cb?x=1&amp;state=SplxlOBe\">", "{\"access_token\": \"SplxlOBe\"", "{'refresh_token': 'SplxlOBe'}",
        "data: {\\\"id_token\\\":\\\"SplxlOBe\\\"}", "{\"registration_access_token\":\"SplxlOBe",
        "user[password]=SplxlOBe",
        "<input type=hidden name=csrfmiddlewaretoken value='SplxlOBe'>", "postgres://user:SplxlOBe@db/name",
        "<meta name=\"csrf-token\" content=\"SplxlOBe\"/>", "<input type=\"password\" name=\"x\" value=\"SplxlOBe\">",
        "{\"request\": \"GET /cb?code=SplxlOBe HTTP/1.1\"", "<input value=SplxlOBe name=__RequestVerificationToken>",
        "<INPUT TYPE='password' VALUE=SplxlOBe",
    ])
    func removesSecrets_byTheNamesBeforeThem(text: String) {
        let redacted = bare.text(text)
        #expect(!redacted.contains("Splx"))
        #expect(redacted.contains("<redacted:") || redacted.contains("<password>"))
    }

    @Test(arguments: [
        "Bearer 2YotnFZFEjr1zCsicMWpAA", "bearer 2YotnFZFEjr1zCsicMWpAA", "sent Basic MllvdG5GWkZFanIxekNzaWNNV3BBQQ==",
        "jwt eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.2YotnFZFEjr1zCsi and on",
        "<input type=\"hidden\" name=\"flow\" value=\"2YotnFZFEjr1zCsicMWpAA\">",
    ])
    func removesWhatLooksLikeASecret(text: String) {
        let redacted = bare.text(text)
        #expect(redacted.contains("<redacted:"))
        #expect(!redacted.contains("2Yotn") && !redacted.contains("MllvdG") && !redacted.contains("eyJ"))
    }

    @Test(arguments: [
        "Bearer resource_metadata=\"https://a.example/.well-known/oauth-protected-resource\"",
        "{\"error\":{\"code\":\"invalid_request\",\"message\":\"no state\"}}", "{\"code\":-32001,\"state\":\"active\"}",
        "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        "{\"token_endpoint\":\"https://a.example/token\",\"token_type\":\"Bearer\"}",
        "<input type=\"hidden\" name=\"client_id\" value=\"0e5d6c1e-7a0f-4f21\">",
        "<input type=\"hidden\" name=\"redirect_uri\" value=\"http://localhost:3000/callback\">",
        "the password was wrong: try another", "http://localhost:8000/a@b", "100% & more \\ and &nonsense; %zz", "",
    ])
    func leavesWhatIsNoSecret(text: String) {
        #expect(bare.text(text) == text)
    }

    @Test func showsWhereASecretCameBack_whateverFormItTook() {
        let secret = "a+b/c=d\"e<f>&\u{fc}~%41"
        let redactor = Self.redactor(values: [secret])
        let label = redactor.fingerprint.label(secret.utf8)
        for (name, form) in Encodings.all(of: secret) {
            #expect(redactor.text("x \(form) y").contains(label), "\(name): \(form)")
        }
        #expect(redactor.text("code=" + PercentEncoding.encodeForm(secret)) == "code=" + label)
        #expect(redactor.json(["code_verifier": .string(secret)]) == ["code_verifier": .string(label)])
    }

    @Test(arguments: ["4a6f73654d61726961", "4A6F73654D61726961", "%34a6f73654d61726961"])
    func removesASecretInHexadecimal(text: String) {
        let redactor = Self.redactor(values: ["JoseMaria"])
        let label = redactor.fingerprint.label("JoseMaria".utf8)
        #expect(redactor.text("at \(text): bytes").hasSuffix("\(label): bytes"))
    }

    @Test func removesALongSecretInHexadecimal_toItsEnd() {
        let secret = String(repeating: "0123456789", count: 5)
        let digits = secret.utf8.map { String($0, radix: 16) }.joined()
        let redactor = Self.redactor(values: [secret])
        #expect(redactor.text("<\(digits)>") == "<\(redactor.fingerprint.label(secret.utf8))>")
    }

    /// Of "correct-Horse7"; a media type or a host is put into lower case by ourselves.
    @Test(arguments: [
        "correct-horse7", "CORRECT-HORSE7", "7esroH-tcerroc", "636f72726563742d486f72736537",
        "MNXXE4TFMN2C2SDPOJZWKNY", "mnxxe4tfmn2c2sdpojzwkny", "WTI5eWNtVmpkQzFJYjNKelpUYz0", "Y29ycmVjdC1Ib3JzZTc=",
    ])
    func removesAPassword_howeverItIsDisguised(text: String) {
        let redactor = Self.redactor(passwords: ["correct-Horse7"])
        #expect(!redactor.text("seen: \(text).").contains(text.dropLast()))
        #expect(redactor.text("seen: \(text).").hasPrefix("seen: <password>"))
    }

    @Test func differentSecretsAndDifferentRuns_differ() {
        let other = Redactor(secrets: SecretLedger(), key: [1, 2, 3])
        #expect(bare.text("code=abcdefgh") != bare.text("code=abcdefgi"))
        #expect(bare.text("code=abcdefgh") != other.text("code=abcdefgh"))
    }

    @Test func passwordsHaveNoFingerprint() {
        let redactor = Self.redactor(passwords: ["correct horse"])
        #expect(redactor.text("I got correct horse.") == "I got <password>.")
        #expect(redactor.text("token=correct+horse") == "token=<password>")
        #expect(redactor.json(["token": "correct horse"]) == ["token": "<password>"])
        #expect(redactor.pairs([FormPair("state", "correct horse")]) == [FormPair("state", "<password>")])
        let basic = Base64.encode(Array("user:correct horse".utf8))
        #expect(redactor.fields(["Authorization": "Basic \(basic)"])["authorization"] == "Basic <password>")
    }

    @Test func shortSecretsGo_whereTheyAreWords_andShorterOnes_whereTheyAreNamed() {
        let redactor = Self.redactor(passwords: ["test", "a"])
        #expect(redactor.text("a test of the latest, %22test%22") == "a <password> of the latest, %22<password>%22")
        #expect(redactor.text("password=a&b=a") == "password=<password>&b=a")
        #expect(redactor.json(["password": "a", "b": "a"]) == ["password": "<password>", "b": "a"])
    }

    @Test func theLongestSecretWins_andNoTailRemains() {
        let redactor = Self.redactor(values: ["abcdefgh", "abcdefghijklmnop", "ghijklmnopqrstuv"])
        let label = redactor.fingerprint.label("abcdefghijklmnop".utf8)
        #expect(redactor.text("[abcdefghijklmnop]") == "[\(label)]")
        let overlapping = redactor.text("[abcdefghijklmnopqrstuv]")
        #expect(overlapping.hasPrefix("[<redacted:") && overlapping.hasSuffix(">]") && !overlapping.contains("qrst"))
    }

    @Test func aVeryLongSecretGoesWhole() {
        let secret = String(repeating: "0123456789abcdef", count: 2_000)
        let redactor = Self.redactor(values: [secret])
        let label = redactor.fingerprint.label(secret.utf8)
        #expect(redactor.text("<\(secret)>") == "<\(label)>")
        #expect(redactor.text("<\(Base64.encode(Array("id:\(secret)".utf8)))>").hasSuffix("\(label)>"))
    }

    @Test func findsSecretsInWrongEncodings() {
        let redactor = Self.redactor(passwords: ["p\u{e4}ssword"])
        let latin = Array("say p".utf8) + [0xe4] + Array("ssword".utf8)
        #expect(redactor.redacted(latin) == Array("say <password>".utf8))
        let wide: [UInt8] = "p\u{e4}ssword".utf8.flatMap { [$0, UInt8(0)] }
        #expect(redactor.redacted(wide).map { String(decoding: $0, as: UTF8.self) }?.contains("<password>") == true)
    }

    @Test func redactsHeaderFields() {
        let fields: HTTPFields = [
            "Authorization": "Bearer abc", "Cookie": "sid=one; theme=\"two\"",
            "Set-Cookie": "sid=one; Path=/; HttpOnly",
            "Location": "/cb?code=one&iss=https%3A%2F%2Fa.example", "X-Api-Key": "one", "Content-Type": "text/html",
            "WWW-Authenticate": "Bearer error=\"invalid_token\"",
        ]
        let one = bare.fingerprint.label("one".utf8)
        let redacted = bare.fields(fields)
        #expect(redacted["authorization"] == "Bearer \(bare.fingerprint.label("abc".utf8))")
        #expect(redacted["cookie"] == "sid=\(one); theme=\(bare.fingerprint.label("two".utf8))")
        #expect(redacted["set-cookie"] == "sid=\(one); Path=/; HttpOnly")
        #expect(redacted["location"] == "/cb?code=\(one)&iss=https%3A%2F%2Fa.example")
        #expect(redacted["x-api-key"] == one)
        #expect(redacted["content-type"] == "text/html")
        #expect(redacted["www-authenticate"] == "Bearer error=\"invalid_token\"")
    }

    @Test func basicCredentials_giveTheFingerprintOfTheSecret() {
        let basic = Base64.encode(Array("client:s3cr3t-value".utf8))
        let label = bare.fingerprint.label("s3cr3t-value".utf8)
        #expect(bare.fields(["Authorization": "Basic \(basic)"])["authorization"] == "Basic \(label)")
    }

    @Test func redactsFindings() {
        let redactor = Self.redactor(values: ["SplxlOBeZQQYbYS6"])
        let finding = Finding(
            .tokenStatus, nil, "no SplxlOBeZQQYbYS6", evidence: "SplxlOBeZQQYbYS6", remedy: "SplxlOBeZQQYbYS6")
        let redacted = redactor.finding(finding)
        let label = redactor.fingerprint.label("SplxlOBeZQQYbYS6".utf8)
        #expect(redacted.message == "no \(label)")
        #expect(redacted.evidence == label)
        #expect(redacted.remedy == label)
        #expect(redacted.check == .tokenStatus)
    }

    @Test(arguments: 0..<30)
    func cutsAFinding_onlyWhenItsSecretsAreOut(place: Int) {
        let redactor = Self.redactor(values: ["SplxlOBeZQQYbYS6"])
        let evidence = String(repeating: "x", count: Redactor.longestWords - place) + " SplxlOBeZQQYbYS6 and on"
        let short = redactor.finding(Finding(.tokenStatus, nil, "", evidence: evidence)).evidence
        #expect(!short.contains("Spl"))
        #expect(short.unicodeScalars.count <= Redactor.longestWords + 1)
        #expect(redactor.finding(Finding(.tokenStatus, nil, "", evidence: short)).evidence == short)
    }

    @Test func removesAShortPassword_whateverTheServerCallsItsField() throws {
        let redactor = Self.redactor(passwords: ["x1"])
        #expect(redactor.pairs([FormPair("zz", "x1"), FormPair("y", "x12")]).map(\.value) == ["<password>", "x12"])
        let url = try #require(WebURL("https://h.test/x1?zz=%781&a=x12&x1"))
        #expect(redactor.url(url) == "https://h.test/x1?zz=<password>&a=x12&x1")
    }

    @Test(arguments: ["&#115&#49&#120&#121", "&#x0000000000000073;&#X31&#x78;&#0121;", "s&#x31xy"])
    func peelsCharacterReferences_asBrowsersReadThem(text: String) {
        #expect(Self.redactor(passwords: ["s1xy"]).text("<\(text)>") == "<<password>>")
    }

    @Test func redactingTwiceChangesNothing() {
        let once = bare.text("{\"access_token\":\"abcdefgh\",\"x\":\"?code=abcdefgh\"}")
        #expect(bare.text(once) == once)
    }

    @Test func withoutRedaction_onlyPasswordsGo() {
        let redactor = Self.redactor(passwords: ["hunter22hunter"], values: ["SplxlOBeZQQYbYS6"], mode: .passwordsOnly)
        #expect(redactor.text("code=SplxlOBeZQQYbYS6 hunter22hunter") == "code=SplxlOBeZQQYbYS6 <password>")
        #expect(redactor.text("password=other") == "password=<password>")
        #expect(redactor.fields(["Authorization": "Bearer abc"])["authorization"] == "Bearer abc")
    }

    @Test func numbersThatAreSecretsGo() {
        let redactor = Self.redactor(passwords: ["12345678"])
        #expect(redactor.json(["n": 12_345_678, "m": 5]) == ["n": "<password>", "m": 5])
        #expect(redactor.json(["pin": 4_711]) == ["pin": "<password>"])
    }

    @Test func deepJSONIsCutOff() {
        let deep = (0..<64).reduce(JSON.string("end")) { inner, _ in ["token": [inner]] }
        #expect(bare.json(deep).text().contains("nested deeper"))
    }
}
