import Crypto
import Testing

struct CryptoTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The challenge of RFC 7636 appendix B.
    @Test func makesTheChallengeOfTheRFC() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(Base64URL.encode(SHA256.digest(Array(verifier.utf8))) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    /// Test case 2 of RFC 4231.
    @Test func authenticatesAsTheRFC() {
        let code = HMACSHA256(key: Array("Jefe".utf8)).authenticate(Array("what do ya want for nothing?".utf8))
        #expect(hex(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    /// Computed with Python's hashlib.pbkdf2_hmac.
    @Test func derivesAsPython() {
        let key = PBKDF2.derive(password: "password", salt: Array("salt".utf8), rounds: 1)
        #expect(hex(key) == "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b")
    }

    /// Test vectors of RFC 7914 §12.
    @Test(arguments: [
        (
            "password", "NaCl", Scrypt.Cost(iterations: 1024, blockSize: 8, parallelism: 16),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d"
                + "8360cbdfa2cc0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", Scrypt.Cost(iterations: 16384, blockSize: 8, parallelism: 1),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40"
                + "dfcf017b45575887"
        ),
    ])
    func derivesScryptAsTheRFC(password: String, salt: String, cost: Scrypt.Cost, key: String) {
        #expect(Scrypt.derive(password: password, salt: Array(salt.utf8), cost: cost, count: 64).map(hex) == key)
    }

    @Test(arguments: [
        Scrypt.Cost(iterations: 1000, blockSize: 8, parallelism: 1),
        Scrypt.Cost(iterations: 1 << 30, blockSize: 8, parallelism: 1),
        Scrypt.Cost(iterations: 0, blockSize: 0, parallelism: 0),
    ])
    func derivesNothing_whenTheCostCannotBe(cost: Scrypt.Cost) {
        #expect(Scrypt.derive(password: "password", salt: [1], cost: cost, count: 64) == nil)
    }

    /// Test vectors of RFC 4648 §10, without their padding.
    @Test(arguments: [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")])
    func encodesBase32AsTheRFC(plain: String, encoded: String) {
        #expect(Base32.encode(Array(plain.utf8)) == encoded)
    }

    /// What stands in the middle of a longer text, behind one or two bytes.
    @Test(arguments: 0..<9)
    func givesTheDigitsOfAPart(count: Int) {
        let part = Array("any carnal".utf8.prefix(count))
        for (bit, before) in [(0, 0), (4, 1), (2, 2)] {
            let whole = Base64.encodedBytes([UInt8](repeating: 255, count: before) + part)
            var digits = [UInt8(ascii: "<")]
            Base64.append(digitsOf: part[...], fromBit: bit, to: &digits)
            #expect(
                digits.dropFirst()
                    == Array(whole.dropFirst((8 * before + 5) / 6).prefix(max(0, 8 * count - bit) / 6))[...])
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ])
    func encodesBase64AsTheRFC(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test func decodesURLSafe_andRefusesForeignCharacters() {
        #expect(Base64URL.decode("-_8") == [0xfb, 0xff])
        #expect(Base64URL.decode("+/8") == nil)
        #expect(Base64URL.decode("A") == nil)
    }

    @Test func randomBytesDiffer() {
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
        #expect(SecureRandom.bytes(7).count == 7)
    }
}
