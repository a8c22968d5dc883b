import Testing

@testable import Daemon

@Suite struct PlainLogTests {
    @Test(arguments: [
        ("plain", "plain"), ("two\nlines\r\n", "two lines  "), ("\u{1b}[31mred", " [31mred"), ("nul\u{0}", "nul "),
        ("bell\u{7}\u{7f}", "bell  "),
    ])
    func keepsAMessageOnOneLine(text: String, line: String) {
        #expect(PlainLog.oneLine(text) == line)
    }
}
