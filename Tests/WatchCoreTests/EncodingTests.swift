import Testing
import WatchCore

@Suite struct EncodingTests {
    @Test(
        arguments: [
            ([], ""),
            ([FormPair("a", "b")], "a=b"),
            ([FormPair("a", ""), FormPair("", "b")], "a=&=b"),
            ([FormPair("a", "1"), FormPair("a", "2")], "a=1&a=2"),
            ([FormPair("sp ace", "p+l&u=s%")], "sp+ace=p%2Bl%26u%3Ds%25"),
            ([FormPair("~", "*-._\r\n\0")], "%7E=*-._%0D%0A%00"),
            ([FormPair("\u{e4}", "\u{1f680}")], "%C3%A4=%F0%9F%9A%80"),
        ] as [([FormPair], String)])
    func encodesForms_andReadsThemBack(pairs: [FormPair], text: String) {
        #expect(FormPair.encode(pairs) == text)
        #expect(FormPair.decode(text) == pairs)
    }

    @Test(
        arguments: [
            ("a", [FormPair("a", "")]), ("&&a=b&", [FormPair("a", "b")]), ("a=b=c", [FormPair("a", "b=c")]),
            ("a=%zz%4", [FormPair("a", "%zz%4")]), ("a=%ff", [FormPair("a", "\u{fffd}")]),
            ("a=%c3%A4", [FormPair("a", "\u{e4}")]),
        ] as [(String, [FormPair])])
    func readsSloppyForms(text: String, pairs: [FormPair]) {
        #expect(FormPair.decode(text) == pairs)
    }

    @Test func keepsAPlus_outsideForms() {
        #expect(PercentEncoding.decode("a+b%20c") == "a+b c")
        #expect(PercentEncoding.decode("a+b%20c", plusIsSpace: true) == "a b c")
    }

    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (-5, "-5"), (.integer(.max), "9223372036854775807"),
            (1.5, "1.5"), (.number(1e300), "1e+300"), (.number(.nan), "null"), (.number(.infinity), "null"), ([], "[]"),
            (.object([]), "{}"), ("", "\"\""), ("\"\\/", "\"\\\"\\\\/\""),
            ("\u{9b}31m\u{202e}\u{2028}\u{e0041}é\"\n", #""\u009b31m\u202e\u2028\udb40\udc41é\"\n""#),
            ("\n\r\t\u{0}\u{1f}\u{7f}", "\"\\n\\r\\t\\u0000\\u001f\\u007f\""),
            ("\u{e4}\u{1f680}", "\"\u{e4}\u{1f680}\""),
            (["b": 1, "a": [1, nil, "x"]], "{\"b\":1,\"a\":[1,null,\"x\"]}"),
        ] as [(JSON, String)])
    func writesJSONOnOneLine(value: JSON, text: String) {
        #expect(value.text() == text)
    }

    @Test func writesJSONIndented() {
        let value: JSON = ["a": [1, [:]], "b": [], "c": ["d": true]]
        #expect(
            value.text(indent: 2) == """
                {
                  "a": [
                    1,
                    {}
                  ],
                  "b": [],
                  "c": {
                    "d": true
                  }
                }
                """)
    }

    @Test func readsMembers_byKind() {
        let value: JSON = ["n": 5, "n": 6, "d": 7.0, "s": "x", "b": true, "a": ["x", "y"], "m": ["x", 1]]
        #expect(value["n"]?.integer == 6)
        #expect(value["d"]?.integer == 7)
        #expect(JSON.number(7.5).integer == nil)
        #expect(JSON.number(1e300).integer == nil)
        #expect(value["n"]?.number == 6)
        #expect(value["s"]?.string == "x")
        #expect(value["b"]?.bool == true)
        #expect(value["a"]?.strings == ["x", "y"])
        #expect(value["m"]?.strings == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value["missing"] == nil)
    }

    @Test func comparesHeaderNames_withoutCase() {
        var fields: HTTPFields = ["Content-Type": "a", "Set-Cookie": "1", "set-cookie": "2"]
        #expect(fields["content-type"] == "a")
        #expect(fields.all("SET-COOKIE") == ["1", "2"])
        fields["set-COOKIE"] = "3"
        #expect(fields.all("Set-Cookie") == ["3"])
        fields["content-type"] = nil
        #expect(fields.fields.count == 1)
    }

    @Test(arguments: [
        ("Application/JSON; charset=utf-8", "application/json"), (" text/event-stream ", "text/event-stream"), ("", ""),
        (";", ""),
    ])
    func readsTheMediaType(field: String, type: String) {
        #expect(HTTPResponse(status: 200, fields: ["content-type": field]).mediaType == type)
    }

    @Test func givesABodyItsTypeAndBytes() {
        #expect(RequestBody.form([FormPair("a", "b c")]).bytes == Array("a=b+c".utf8))
        #expect(RequestBody.json(["a": 1]).bytes == Array("{\"a\":1}".utf8))
        #expect(RequestBody.json([]).contentType == "application/json")
        #expect(RequestBody.bytes([1], contentType: "x/y").contentType == "x/y")
    }
}
