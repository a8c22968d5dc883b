import HTMLForms
import WatchCore

/// What a page is said to be; the first byte of an input chooses.
private let contentTypes: [String?] = [
    nil, "text/html", "text/html; charset=utf-8", "text/html; charset=windows-1252", "text/html; charset=utf-16le",
    "text/html; charset=utf-16be", "application/xhtml+xml", "text/html; charset=shift_jis",
]

private let address = WebURL("https://as.example/login?next=1")
private let redirectURI = WebURL("http://localhost:3000/callback")

/// libFuzzer's entry: reads one page, submits every form of it and asks for the next action.
///
/// A trap, work that is not linear in the bytes, a password in a field for a new one, and a submission to anything but
/// http or https end the process; libFuzzer then keeps the input.
///
/// Source: LLVM's documentation of libFuzzer, "Fuzz Target".
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1, let address, let redirectURI else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
    let page = HTMLPage(bytes: bytes, contentType: contentTypes[Int(data[0]) % contentTypes.count], url: address)
    // A byte of another encoding can become three of UTF-8; the page may be read twice.
    precondition(page.steps <= 48 * bytes.count + 400, "\(page.steps) steps for \(bytes.count) bytes")
    for form in page.forms {
        for button in [nil] + form.controls.indices.filter({ form.controls[$0].isSubmitButton }).map(Optional.some) {
            check(page.submission(of: form, button: button))
        }
    }
    let hints = data[0] & 0x80 == 0 ? LoginHints() : LoginHints(fields: ["a": "{username}"], submit: "b", form: "1")
    for wasSubmitted in [false, true] {
        let action = page.nextAction(
            username: "alice", password: Secret("s3cret-canary"), redirectURI: redirectURI, hints: hints,
            submittedUsername: wasSubmitted, submittedPassword: wasSubmitted)
        guard case .submit(let submission) = action else { continue }
        check(submission)
        let holdsPassword = submission.pairs.contains { $0.value == "s3cret-canary" }
        precondition(!holdsPassword || submission.carriesPassword, "a password is sent that the flow does not know of")
    }
    return 0
}

private func check(_ submission: FormSubmission?) {
    guard let submission else { return }
    precondition(["http", "https"].contains(submission.url.scheme), "a form goes to \(submission.url.scheme)")
    precondition(submission.method == "POST" || submission.body == nil, "a GET with a body")
    precondition(WebURL(submission.url.description) == submission.url, "the URL does not read back")
}
