import Testing
import WatchCore

@Suite struct WebURLTests {
    @Test(arguments: [
        ("https://example.com", "https://example.com"),
        ("HTTPS://Example.COM/Path", "https://example.com/Path"),
        ("https://example.com:443/", "https://example.com/"),
        ("http://example.com:80/", "http://example.com/"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("https://example.com:/x", "https://example.com/x"),
        ("https://example.com:08443/x", "https://example.com:8443/x"),
        ("  https://example.com/\t ", "https://example.com/"),
        ("ht\ntps://exa\tmple.com/a\r\nb", "https://example.com/ab"),
        ("https:\\\\example.com\\a?b\\c", "https://example.com/a?b\\c"),
        ("https://example.com/a b?c d#e f", "https://example.com/a%20b?c%20d#e%20f"),
        ("https://example.com/\u{e4}?\"<>", "https://example.com/%C3%A4?%22%3C%3E"),
        ("https://a.test/\u{301}@b.test/?\u{301}a#\u{301}", "https://a.test/%CC%81@b.test/?%CC%81a#%CC%81"),
        ("https://example.com/%7e%zz", "https://example.com/%7e%zz"),
        ("https://user:pa@ss@example.com/", "https://user:pa@ss@example.com/"),
        ("https://[::1]:8443/x", "https://[::1]:8443/x"),
        ("https://[2001:DB8::1]/", "https://[2001:db8::1]/"),
        ("https://example.com?", "https://example.com?"),
        ("https://example.com#", "https://example.com#"),
        ("myapp.x+y-z://host/callback", "myapp.x+y-z://host/callback"),
    ])
    func writesOneNormalForm(text: String, normal: String) throws {
        let url = try #require(WebURL(text))
        #expect(url.description == normal)
        #expect(WebURL(normal) == url)
    }

    @Test(arguments: [
        "", "example.com", "/path", "//example.com", "https:", "https:/example.com", "https:example.com", "https://",
        "https:///path", "https://:80/", "https://@/", "https://exa mple.com/", "https://example.com:0/",
        "https://example.com:65536/", "https://example.com:x/", "https://example.com:-1/", "https://example.com:+1/",
        "https://[::1", "https://[::1]x/", "https://[127.0.0.1]/", "https://[::ffff:127.0.0.1]/", "https://[example]/",
        "https://ex%61mple.com/",
        "https://ex\u{e4}mple.com/", "https://a:b:c/", "1https://example.com/", "h t://x/", "javascript:alert(1)",
        "mailto:a@b", "data:text/html,x", "://x/", "https://a<b/", "https://a,b/", "https://exa\0mple.com/",
    ])
    func refusesWhatABrowserWouldGuessAt(text: String) {
        #expect(WebURL(text) == nil)
    }

    // RFC 3986 §5.4, with an http scheme.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
        (";x", "http://a/b/c/;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
    ])
    func resolvesAsTheRFCSays(reference: String, expected: String) throws {
        let base = try #require(WebURL("http://a/b/c/d;p?q"))
        #expect(base.resolving(reference)?.description == expected)
    }

    @Test(arguments: [
        ("\\\\evil.example\\x", "https://evil.example/x"),
        ("/\\evil.example/x", "https://evil.example/x"),
        ("/\t/evil.example/x", "https://evil.example/x"),
        ("http://other.example", "http://other.example"),
        ("HTTP://other.example", "http://other.example"),
        ("%2e%2e/x", "https://a.example/x"),
        ("/u/%2E%2e/x", "https://a.example/x"),
        ("  next  ", "https://a.example/login/next"),
        ("/a b", "https://a.example/a%20b"),
        ("//user@host.example/", "https://user@host.example/"),
    ])
    func resolvesAsABrowserDoes(reference: String, expected: String) throws {
        let page = try #require(WebURL("https://a.example/login/form?x=1#top"))
        #expect(page.resolving(reference)?.description == expected)
    }

    @Test(arguments: ["javascript:alert(1)", "mailto:a@b", "data:,x", "//", "///x", "https:x", "//exa mple", "tel:1"])
    func resolvesNothing_whenItIsOfAnotherKind(reference: String) throws {
        let page = try #require(WebURL("https://a.example/login/form"))
        #expect(page.resolving(reference) == nil)
    }

    @Test func keepsAnEmptyReferenceOnThePage_withoutItsFragment() throws {
        let page = try #require(WebURL("https://a.example/login?x=1#top"))
        #expect(page.resolving("")?.description == "https://a.example/login?x=1")
        #expect(page.resolving("#")?.description == "https://a.example/login?x=1#")
    }

    @Test func resolvesFromAnOriginWithoutPath() throws {
        #expect(WebURL("https://a.example")?.resolving("x/y")?.description == "https://a.example/x/y")
    }

    @Test(arguments: [
        ("https://a.example", "https://a.example:443/x", true),
        ("https://A.example/", "https://a.example", true),
        ("https://a.example", "http://a.example", false),
        ("https://a.example", "https://a.example:8443", false),
        ("https://a.example", "https://a.example.evil", false),
        ("https://user@a.example", "https://a.example", true),
    ])
    func comparesOrigins(a: String, b: String, same: Bool) throws {
        #expect((try #require(WebURL(a)).origin == (try #require(WebURL(b)).origin)) == same)
    }

    @Test(arguments: [
        ("https://localhost/", true), ("http://app.localhost:3000/", true), ("http://127.8.9.1/", true),
        ("http://[::1]/", true), ("https://localhost.evil.example/", false),
        ("https://notlocalhost/", false), ("http://128.0.0.1/", false), ("http://[::2]/", false),
    ])
    func knowsLoopback(text: String, isLoopback: Bool) throws {
        #expect(try #require(WebURL(text)).isLoopback == isLoopback)
    }

    @Test func addsToTheQuery_encoded() throws {
        let pairs = [FormPair("scope", "read write"), FormPair("a&b", "=#\u{e4}")]
        let added = "scope=read+write&a%26b=%3D%23%C3%A4"
        for (text, expected) in [
            ("https://a.example/x", "https://a.example/x?\(added)"),
            ("https://a.example/x?", "https://a.example/x?\(added)"),
            ("https://a.example/x?y=1#f", "https://a.example/x?y=1&\(added)#f"),
        ] {
            let url = try #require(WebURL(text)).addingQuery(pairs)
            #expect(url.description == expected)
            #expect(url.queryPairs.suffix(2) == pairs)
        }
        let url = try #require(WebURL("https://a.example/x"))
        #expect(url.addingQuery([]) == url)
    }

    @Test func givesRequestTargetAndOtherPaths() throws {
        let url = try #require(WebURL("https://a.example?x=1#f"))
        #expect(url.requestTarget == "/?x=1")
        #expect(url.replacingPath("/.well-known/x").description == "https://a.example/.well-known/x")
        #expect(url.effectivePort == 443)
        #expect(WebURL("myapp://x/")?.effectivePort == 0)
    }
}
