import Glibc
import HTMLForms
import Testing
import WatchCore

/// Pages for which `Tests/Oracle/form-oracle` recorded what a real Chromium submits.
@Suite struct BrowserTests {
    @Test(arguments: pages)
    func submitsByteForByteWhatChromiumSubmits(_ name: String) throws {
        let expected = try Self.read("\(name).expected")
        let address = "http://as.example/\(name)?next=1"
        let page = HTMLPage(
            bytes: try Self.read("\(name).html"), contentType: "text/html", url: try #require(WebURL(address)))
        let submission = try #require(Self.pressed(page))
        #expect(String(decoding: Self.record(submission), as: UTF8.self) == String(decoding: expected, as: UTF8.self))
        #expect(Self.record(submission) == expected)
    }

    @Test func hasAtLeastTheCommonShapes() {
        #expect(Self.pages.count >= 80)
    }

    static let folder = String(#filePath.dropLast("BrowserTests.swift".count)) + "Pages/"

    static let pages: [String] = {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".html") { names.append(String(name.dropLast(5))) }
        }
        return names.sorted()
    }()

    static func read(_ name: String) throws -> [UInt8] {
        let file = try #require(fopen(folder + name, "r"), "\(name) is missing: run Tests/Oracle/form-oracle")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    /// The button with the id `press`, or the form with the id `send` without any.
    private static func pressed(_ page: HTMLPage) -> FormSubmission? {
        for form in page.forms {
            if let button = form.controls.firstIndex(where: { $0.attributes["id"] == "press" }) {
                return page.submission(of: form, button: button)
            }
        }
        return page.forms.first { $0.attributes["id"] == "send" }.flatMap { page.submission(of: $0, button: nil) }
    }

    /// As the oracle writes it.
    private static func record(_ submission: FormSubmission) -> [UInt8] {
        let origin = submission.url.origin.description
        let head = "\(submission.method) \(origin)\(submission.url.requestTarget)\n"
        guard let body = submission.body else { return Array("\(head)\n".utf8) }
        return Array("\(head)Content-Type: \(body.contentType)\n\n".utf8) + body.bytes
    }
}
