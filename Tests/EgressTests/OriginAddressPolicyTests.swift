import Egress
import Testing
import WatchCore

@Suite struct OriginAddressPolicyTests {
    private func policy(_ server: String, allow: [String] = []) throws -> (OriginAddressPolicy, Origin) {
        let url = try #require(WebURL(server))
        return (OriginAddressPolicy(server: url, allowNetworks: allow.compactMap { IPNetwork($0) }), url.origin)
    }

    private let foreign = Origin(scheme: "https", host: "login.example", port: 443)

    @Test(arguments: [
        ("http://127.0.0.1:8000", "127.0.0.1", true), ("http://localhost:8000", "::1", true),
        ("http://10.0.0.5", "10.0.0.5", true), ("http://[::1]:1", "::1", true),
        ("https://mcp.example", "93.184.215.14", true), ("https://mcp.example", "10.1.2.3", true),
        ("https://mcp.example", "127.0.0.1", true), ("https://mcp.example", "169.254.169.254", false),
        ("https://mcp.example", "169.254.1.1", false), ("https://mcp.example", "0.0.0.0", false),
        ("https://mcp.example", "224.0.0.1", false), ("http://169.254.169.254", "169.254.169.254", true),
        ("http://169.254.169.254", "169.254.170.2", false), ("http://[fe80::1]", "fe80::1", true),
        ("http://localhost:8000", "10.0.0.1", false), ("http://10.0.0.5", "127.0.0.1", false),
    ])
    func letsTheConfiguredServerBeWhereItWasConfigured(server: String, address: String, isPermitted: Bool) throws {
        let (policy, origin) = try policy(server)
        #expect(policy.permits(try #require(IPAddress(address)), port: 80, for: origin) == isPermitted)
    }

    @Test(arguments: [
        ("https://mcp.example", "93.184.215.14", true), ("https://mcp.example", "10.0.0.1", false),
        ("https://mcp.example", "127.0.0.1", false), ("https://mcp.example", "169.254.169.254", false),
        ("https://mcp.example", "::ffff:127.0.0.1", false), ("https://mcp.example", "fe80::1", false),
        ("http://127.0.0.1:8000", "127.0.0.1", true), ("http://127.0.0.1:8000", "127.8.8.8", true),
        ("http://127.0.0.1:8000", "10.0.0.1", false), ("http://127.0.0.1:8000", "93.184.215.14", true),
        ("http://10.0.0.5", "192.168.1.1", true), ("http://10.0.0.5", "127.0.0.1", false),
        ("http://10.0.0.5", "169.254.169.254", false), ("http://10.0.0.5", "100.100.100.200", false),
    ])
    func givesForeignOriginsPublicAddressesAndSuchAsTheServers(server: String, address: String, isPermitted: Bool)
        throws
    {
        let (policy, _) = try policy(server)
        #expect(policy.permits(try #require(IPAddress(address)), port: 80, for: foreign) == isPermitted)
    }

    @Test func learnsTheReachOfANameFromItsFirstConnection() throws {
        let (policy, origin) = try policy("https://mcp.internal")
        let near = try #require(IPAddress("10.0.0.7"))
        #expect(!policy.permits(near, port: 443, for: foreign))
        #expect(policy.permits(near, port: 443, for: origin))
        #expect(policy.permits(near, port: 443, for: foreign))
    }

    @Test func refusesAName_thatIsMadeToPointNearerLater() throws {
        let (policy, origin) = try policy("https://mcp.example")
        #expect(policy.permits(try #require(IPAddress("93.184.215.14")), port: 443, for: origin))
        #expect(!policy.permits(try #require(IPAddress("127.0.0.1")), port: 443, for: origin))
        #expect(!policy.permits(try #require(IPAddress("10.0.0.7")), port: 443, for: origin))
        #expect(policy.permits(try #require(IPAddress("93.184.215.15")), port: 443, for: origin))
    }

    @Test func addsAllowedNetworks_withoutOpeningTheirLike() throws {
        let (policy, origin) = try policy("https://mcp.example", allow: ["10.0.0.5/32", "169.254.169.254"])
        for address in ["10.0.0.5", "169.254.169.254"] {
            #expect(policy.permits(try #require(IPAddress(address)), port: 443, for: foreign))
            #expect(policy.permits(try #require(IPAddress(address)), port: 443, for: origin))
        }
        #expect(!policy.permits(try #require(IPAddress("10.0.0.6")), port: 443, for: foreign))
    }
}
