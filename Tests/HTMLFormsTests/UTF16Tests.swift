import HTMLForms
import Testing
import WatchCore

@Suite struct UTF16Tests {
    /// A byte order mark overrules the content type, and forms are sent in UTF-8.
    @Test(arguments: [true, false])
    func readsPagesWithAByteOrderMark(isLittleEndian: Bool) throws {
        let html = "\u{feff}<title>Grüße</title>\r\n<form method=post action=/in><input name=a value=ä></form>"
        let bytes = html.utf16.flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
            return isLittleEndian ? [low, high] : [high, low]
        }
        let url = try #require(WebURL(TestPage.address))
        // One byte too many does no harm.
        for body in [bytes, bytes + [0x41]] {
            let page = HTMLPage(bytes: body, contentType: "text/html; charset=utf-8", url: url)
            #expect(page.title == "Grüße")
            #expect(page.forms.count == 1)
        }
    }

    /// What the answer's header says is as good as a mark.
    @Test(arguments: [("utf-16", true), ("UTF-16LE", true), ("utf-16be", false)])
    func readsPagesWhoseHeaderSaysSo(charset: String, isLittleEndian: Bool) throws {
        let html = "<title>Gr\u{fc}\u{df}e</title><form method=post action=/in><input name=a value=\u{e4}></form>"
        let bytes = html.utf16.flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
            return isLittleEndian ? [low, high] : [high, low]
        }
        let url = try #require(WebURL(TestPage.address))
        let page = HTMLPage(bytes: bytes, contentType: "text/html; charset=\(charset)", url: url)
        #expect(page.title == "Gr\u{fc}\u{df}e")
        let form = try #require(page.forms.first)
        #expect(page.submission(of: form, button: nil)?.body == .form([FormPair("a", "\u{e4}")]))
    }

    /// A label that can be read byte by byte is no UTF-16.
    @Test func believesNoPageThatCallsItselfUTF16() throws {
        let url = try #require(WebURL(TestPage.address))
        let html = "<meta charset=utf-16><title>a\u{e4}</title>"
        #expect(HTMLPage(bytes: Array(html.utf8), contentType: nil, url: url).title == "a\u{e4}")
    }

    /// In other encodings the ASCII is sure and the rest is not: nothing is sent that a browser would not send.
    @Test(arguments: [("abc", true), ("\u{e4}", false)])
    func sendsOnlyASCII_ofAPageInAnotherEncoding(value: String, isSent: Bool) throws {
        let url = try #require(WebURL(TestPage.address))
        let html = """
            <form method=post action=/in><input type=hidden name=x value=\(value)><input name=username>\
            <input type=password name=password><button>Log in</button></form>
            """
        for (type, head) in [("text/html; charset=shift_jis", ""), ("text/html", "<meta charset=shift_jis>")] {
            let page = HTMLPage(bytes: Array((head + html).utf8), contentType: type, url: url)
            let action = page.nextAction(
                username: "u", password: Secret("p"), redirectURI: url, submittedUsername: false,
                submittedPassword: false)
            switch action {
            case .submit: #expect(isSent)
            case .needsBrowser(let what): #expect(!isSent && what.hasPrefix("page in shift_jis"))
            default: Issue.record("\(action)")
            }
        }
    }

    @Test func readsNothing_whenOnlyTheMarkIsThere() throws {
        let url = try #require(WebURL(TestPage.address))
        for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0x41]] {
            #expect(HTMLPage(bytes: mark, contentType: nil, url: url).forms.isEmpty)
        }
    }
}
