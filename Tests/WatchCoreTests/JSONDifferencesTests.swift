import Testing
import WatchCore

struct JSONDifferencesTests {
    @Test(
        arguments: [
            (["a": 1], ["a": 1], []),
            (["b": 2, "a": 1], ["a": 1, "b": 2], []),
            (["scopes": ["read", "admin"]], ["scopes": ["read"]], ["m.scopes: -admin"]),
            (["scopes": ["read"]], ["scopes": ["write", "read", "x"]], ["m.scopes: +write +x"]),
            (["scopes": ["a", "b"]], ["scopes": ["b", "a"]], []),
            (["issuer": "https://a"], ["issuer": "https://a/"], ["m.issuer: -https://a +https://a/"]),
            (["n": 3600], ["n": "3600"], [#"m.n: -3600 +"3600""#]),
            (["x": true], [:], ["m.x: -true (gone)"]),
            ([:], ["x": ["y": nil]], [#"m.x: +{"y":null} (new)"#]),
            (["deep": ["x": [["y": 1]]]], ["deep": ["x": [["y": 2]]]], ["m.deep.x[0].y: -1 +2"]),
            (
                ["tools": [["name": "a", "v": 1], ["name": "b"]]], ["tools": [["name": "b"], ["name": "a", "v": 2]]],
                ["m.tools.a.v: -1 +2"]
            ),
            (["x": [["a": 1], ["a": 2]]], ["x": [["a": 1]]], ["m.x: 1 elements, were 2"]),
            ([1, 2], ["a": 1], [#"m: -[1,2] +{"a":1}"#]),
        ] as [(JSON, JSON, [String])])
    func namesPlaceAndChange(old: JSON, new: JSON, lines: [String]) {
        #expect(JSON.differences(from: old, to: new, at: "m") == lines)
    }

    @Test func namesNoPlace_whereTheWholeIsAList() {
        #expect(JSON.differences(from: ["a", "b"], to: ["b", "c"]) == ["-a +c"])
    }

    @Test func staysOnOneShortLine() {
        let lines = JSON.differences(from: "a\nb", to: .string(String(repeating: "x", count: 1_000)))
        #expect(lines.count == 1 && lines[0].hasPrefix("value: -a b +xxx") && lines[0].count < 200)
    }
}
