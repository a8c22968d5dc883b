import CommandIO
import Testing

@Suite struct ConsoleTests {
    @Test(arguments: [
        ("plain", "plain"), ("two\nlines\r\n", "two lines  "), ("\u{1b}[31mred", " [31mred"), ("nul\u{0}", "nul "),
        ("bell\u{7}\u{7f}", "bell  "), ("csi\u{9b}31m", "csi 31m"), ("“ü”", "“ü”"), ("a\u{202e}b\u{2028}c", "a b c"),
    ])
    func keepsAMessageOnOneLine(text: String, line: String) {
        #expect(Console.oneLine(text) == line)
    }
}
