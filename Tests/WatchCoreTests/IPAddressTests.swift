import Testing
import WatchCore

@Suite struct IPAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1", .loopback), ("127.255.255.255", .loopback), ("::1", .loopback),
            ("::ffff:127.0.0.1", .loopback),
            ("64:ff9b::7f00:1", .loopback),
            ("10.0.0.1", .private), ("172.16.0.1", .private), ("172.31.255.255", .private), ("192.168.1.1", .private),
            ("100.64.0.1", .private), ("fd12::1", .private), ("fc00::1", .private), ("::ffff:10.1.2.3", .private),
            ("64:ff9b::a00:1", .private), ("64:ff9b:1::a00:1", .private), ("fec0::1", .private),
            ("169.254.1.1", .linkLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
            ("169.254.169.254", .cloudMetadata), ("::ffff:169.254.169.254", .cloudMetadata),
            ("169.254.170.2", .cloudMetadata),
            ("100.100.100.200", .cloudMetadata), ("fd00:ec2::254", .cloudMetadata),
            ("64:ff9b::a9fe:a9fe", .cloudMetadata),
            ("0.0.0.0", .special), ("0.1.2.3", .special), ("255.255.255.255", .special), ("224.0.0.1", .special),
            ("240.0.0.1", .special), ("192.0.2.1", .special), ("198.19.0.1", .special), ("::", .special),
            ("::7f00:1", .special), ("ff02::1", .special), ("2001:db8::1", .special), ("2002:7f00:1::1", .special),
            ("2001::1", .special), ("192.88.99.1", .special),
            ("8.8.8.8", .public), ("172.32.0.1", .public), ("172.15.255.255", .public), ("100.128.0.1", .public),
            ("11.0.0.1", .public), ("126.255.255.255", .public), ("169.255.0.1", .public), ("2606:4700::1111", .public),
            ("2001:4860:4860::8888", .public), ("::ffff:8.8.8.8", .public),
        ] as [(String, IPAddress.Reach)])
    func knowsHowFarItReaches(text: String, reach: IPAddress.Reach) throws {
        #expect(try #require(IPAddress(text)).reach == reach)
    }

    @Test(arguments: [
        "", "localhost", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "127.0.0.1.", "256.0.0.1", "1.2.3.4.5",
        "[::1]", "fe80::1%lo", ":::", "12345::", "127.0.0.1\0.example",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func writesAddresses() {
        #expect(IPAddress("2001:DB8:0:0:0:0:0:1")?.description == "2001:db8::1")
        #expect(IPAddress("::ffff:10.0.0.1")?.description == "10.0.0.1")
        #expect(IPAddress(bytes: [1, 2, 3, 4])?.description == "1.2.3.4")
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3/8", "10.9.9.9", true),
        ("192.168.128.0/17", "192.168.200.1", true), ("192.168.128.0/17", "192.168.127.1", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("192.168.1.7", "192.168.1.7", true),
        ("192.168.1.7", "192.168.1.8", false), ("fc00::/7", "fdff::1", true), ("fc00::/7", "fe00::1", false),
        ("::1/128", "::1", true), ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("10.0.0.1/32", "10.0.0.1", true),
    ])
    func knowsWhatABlockContains(block: String, address: String, isInside: Bool) throws {
        #expect(try #require(IPNetwork(block)).contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8", "x/8", "10.0.0.0/a",
    ])
    func refusesWhatIsNoBlock(text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
