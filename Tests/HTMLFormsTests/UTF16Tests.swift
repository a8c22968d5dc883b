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

    @Test func readsNothing_whenOnlyTheMarkIsThere() throws {
        let url = try #require(WebURL(TestPage.address))
        for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0x41]] {
            #expect(HTMLPage(bytes: mark, contentType: nil, url: url).forms.isEmpty)
        }
    }
}
