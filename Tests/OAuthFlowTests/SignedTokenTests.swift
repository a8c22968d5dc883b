import Crypto
import Testing
import WatchCore

@testable import OAuthFlow

@Suite struct SignedTokenTests {
    /// A token of these parts; its signature is nobody's.
    private static func token(_ header: String, _ claims: String, signature: String = "c2ln") -> Secret {
        let parts = [header, claims].map { Base64URL.encode(Array($0.utf8)) }
        return Secret((parts + [signature]).joined(separator: "."))
    }

    private static let header = #"{"alg":"RS256","kid":"k1"}"#

    @Test func readsWhatItSays() throws {
        let token = try #require(
            SignedToken(
                Self.token(
                    Self.header,
                    #"{"iss":"https://as.test","aud":["a","b"],"exp":1800003600,"iat":1800000000.5,"scope":"r w"}"#)))
        #expect(token.algorithm == "RS256" && token.keyID == "k1" && token.issuer == "https://as.test")
        #expect(token.audience == ["a", "b"] && token.expiry == 1_800_003_600 && token.issuedAt == 1_800_000_000.5)
        #expect(token.scope == "r w")
    }

    @Test func takesAnAudienceThatIsOneText_andAScopeThatIsAListOrHasTheOtherName() {
        func token(_ claims: String) -> SignedToken? { SignedToken(Self.token(Self.header, claims)) }
        #expect(token(#"{"aud":"a"}"#)?.audience == ["a"])
        #expect(token(#"{"scp":["r","w"]}"#)?.scope == "r w")
        #expect(token(#"{"scp":"r"}"#)?.scope == "r")
        #expect(token("{}")?.audience == nil && token("{}")?.scope == nil && token("{}")?.expiry == nil)
    }

    @Test(arguments: [
        Secret(""), Secret("opaque"), Secret("a.b.c"), Secret("at_AbC.dEf"), token("[]", "{}"), token(header, "7"),
        token(#"{"typ":"JWT"}"#, "{}"), token("{", "{}"), Secret(token(header, "{}").reveal() + ".more"),
    ])
    func isNone_whereItIsNoJWT(_ token: Secret) {
        #expect(SignedToken(token) == nil)
    }

    /// An unsigned one has an empty third part (RFC 7519 §6).
    @Test func readsAnUnsignedOne() {
        let token = SignedToken(Self.token(#"{"alg":"none"}"#, "{}", signature: ""))
        #expect(token?.algorithm == "none" && token?.hasPublicKey == false)
    }

    @Test(arguments: [
        ("RS256", true), ("PS512", true), ("ES256", true), ("EdDSA", true), ("HS256", false), ("none", false),
    ])
    func knowsWhichKeysAJWKSCanHold(_ algorithm: String, _ isPublic: Bool) {
        #expect(SignedToken(Self.token(#"{"alg":"\#(algorithm)"}"#, "{}"))?.hasPublicKey == isPublic)
    }
}
