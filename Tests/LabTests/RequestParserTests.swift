import Testing
import WatchCore

@testable import Lab

@Suite struct RequestParserTests {
    private static let post = "POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
    private static let chunked =
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nT: v\r\n\r\n"

    @Test(arguments: [post, chunked])
    func readsRequest_byteByByte(text: String) throws {
        var parser = RequestParser()
        for byte in text.utf8.dropLast() {
            parser.append([byte])
            #expect(try parser.next() == nil)
        }
        parser.append(text.utf8.suffix(1))
        let request = try #require(try parser.next())
        #expect(request.path == "/a")
        #expect(request.body == Array("hello".utf8))
        #expect(try parser.next() == nil)
    }

    @Test func readsRequestsThatWereSentTogether() throws {
        var parser = RequestParser()
        parser.append((Self.chunked + Self.post).utf8)
        #expect(try parser.next()?.target == "/a")
        #expect(try parser.next()?.query == [FormPair("b", "c")])
        #expect(try parser.next() == nil)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", RequestError.malformed),
        ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", .malformed),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", .unknownVersion),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", .malformed),
        ("GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", .malformed),
        ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", .malformed),
        ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", .malformed),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", .malformed),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .malformed),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .malformed),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", .unknownTransferCoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .malformed),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", .bodyTooLarge),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n", .bodyTooLarge),
    ])
    func refuses(text: String, error: RequestError) {
        var parser = RequestParser()
        parser.append(text.utf8)
        #expect(throws: error) { try parser.next() }
    }

    @Test func refusesHeadWithoutEnd() {
        var parser = RequestParser()
        parser.append("GET / HTTP/1.1\r\nX: ".utf8)
        parser.append(repeatElement(UInt8(ascii: "x"), count: RequestParser.headLimit))
        #expect(throws: RequestError.headersTooLarge) { try parser.next() }
    }

    @Test(arguments: [
        ("HTTP/1.1\r\nHost: h", true), ("HTTP/1.1\r\nHost: h\r\nConnection: close", false), ("HTTP/1.0", false),
        ("HTTP/1.0\r\nConnection: keep-alive", true),
    ])
    func keepsAlive(rest: String, expected: Bool) throws {
        var parser = RequestParser()
        parser.append("GET / \(rest)\r\n\r\n".utf8)
        #expect(try parser.next()?.keepsAlive == expected)
    }

    @Test func readsCookieAmongOthers() throws {
        let request = LabRequest(
            method: "GET", target: "/", version: "1.1", fields: ["Cookie": "a=1; lab_session=x=y; b=2"])
        #expect(request.cookie("lab_session") == "x=y")
        #expect(request.cookie("session") == nil)
    }

    @Test func wrapsGzipWithRightTrailer() {
        let wrapped = Gzip.wrap(Array("123456789".utf8))
        #expect(wrapped.prefix(3) == [0x1f, 0x8b, 8])
        #expect(Array(wrapped[10..<15]) == [1, 9, 0, 0xf6, 0xff])
        #expect(wrapped.suffix(8) == [0x26, 0x39, 0xf4, 0xcb, 9, 0, 0, 0])
    }
}
