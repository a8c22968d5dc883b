@testable import HTMLForms
import Testing
import WatchCore

/// Work is counted, not timed: bytes looked at and elements opened and closed.
@Suite struct LinearityTests {
    /// What may be repeated to the harm of a careless parser, and how often.
    static let bombs: [(name: String, html: String)] = [
        ("nested elements", repeated("<div>", 20_000) + "<form><input name=a value=1>" + repeated("</div>", 20_000)),
        ("nested forms", repeated("<form><div></form>", 12_500)),
        ("forms in a template", "<template>" + repeated("<form>", 25_000) + repeated("</form>", 25_000)),
        ("end tags of nothing", repeated("<div>", 12_500) + repeated("</span></b></p></li></form></table>", 5_000)),
        ("paragraphs out of scope", "<p><object>" + repeated("<div>", 37_500)),
        ("list items in blocks", repeated("<div>", 12_500) + repeated("<li></li>", 12_500)),
        ("formatting without end", repeated("<b><p>", 20_000) + repeated("</b>", 20_000)),
        ("tables in tables", repeated("<table><tr><td><input name=a>", 7_500)),
        ("put in front of tables", "<form>" + repeated("<table><input name=a>", 10_000)),
        ("buttons and selects", repeated("<button><select><option>x", 10_000)),
        ("attributes", "<form " + (0..<25_000).map { "a\($0)=1 " }.joined() + ">"),
        ("the same attribute", "<form " + repeated("a=1 ", 50_000) + ">"),
        ("comments never closed", repeated("<!--", 250_000)),
        ("tags never closed", repeated("<a ", 75_000)),
        ("quotes never closed", repeated("<a b=\"", 37_500)),
        ("less-than signs", repeated("<", 250_000)),
        ("end tags in a script", "<script>" + repeated("</scrip <!-- <script ", 12_500)),
        ("end tags in a text area", "<textarea>" + repeated("</textare", 25_000)),
        ("character references", "<input value='" + repeated("&ampamp&#1114112;&notanything", 8_750) + "'>"),
        ("fieldsets", "<form>" + repeated("<fieldset disabled><legend>", 10_000) + "<input name=a>"),
        ("CDATA and SVG", repeated("<svg><![CDATA[x]]><desc>", 10_000)),
        ("options", "<form><select name=s>" + repeated("<option>x", 25_000)),
    ]

    @Test(arguments: bombs.map(\.name))
    func worksLinearly_onPathologicalPages(_ name: String) throws {
        let html = try #require(Self.bombs.first { $0.name == name }).html
        let page = try TestPage.read(html)
        #expect(page.steps <= 8 * html.utf8.count + 100, "\(page.steps) steps for \(html.utf8.count) bytes")
    }

    @Test func findsTheFormUnderTwentyThousandElements() throws {
        let page = try TestPage.read(Self.bombs[0].html)
        #expect(page.forms.first?.controls.map(\.name) == ["a"])
    }

    /// The same pages on every run: pieces of markup put together by a generator with fixed seeds.
    @Test(arguments: UInt64(1)...20)
    func endsWithoutATrap_onRandomPages(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for _ in 0..<50 {
            let html = Self.random(&random)
            let page = try TestPage.read(html, type: seed % 2 == 0 ? nil : "text/html; charset=latin1")
            #expect(page.steps <= 16 * html.utf8.count + 200)
            for form in page.forms {
                _ = page.submission(of: form, button: form.controls.firstIndex(where: \.isSubmitButton))
            }
            _ = try TestPage.action(html)
        }
    }

    static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func random(_ random: inout SplitMix) -> String {
        let pieces = [
            "<form>", "</form>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<input name=a type=radio checked>",
            "<input name=b>", "<button>", "</button>", "<select name=s multiple>", "</select>", "<option selected>",
            "<optgroup disabled>", "<textarea>", "</textarea>", "<script>", "</script>", "<!--", "-->", "<template>",
            "</template>", "<fieldset disabled>", "<legend>", "</fieldset>", "<svg>", "<foreignObject>", "</svg>",
            "<math>", "<mi>", "<p>", "</p>", "<b>", "</b>", "<li>", "<h1>", "<a href='", "'", "\"", "<", ">", "&#x",
            "&amp", ";", "&not", "\0", "\r\n", "é", "=", "/", "x", " ", "<input form=f id=f>", "<form id=f>", "<title>",
            "<plaintext", "<noscript>", "<base href=", "<meta http-equiv=refresh content='0;url=x'>", "<![CDATA[",
            "]]>",
            "<input type=range min=3 max=1 step=.1>", "<input type=date value=2024-02-30>", "<input type=password>",
        ]
        return (0..<Int(random.next() % 120)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
    }
}

/// A small generator whose numbers are the same for the same seed.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
