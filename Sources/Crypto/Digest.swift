internal import CCrypto
import Glibc

/// SHA-256.
///
/// Source: FIPS 180-4; EVP_Digest(3ssl).
package enum SHA256 {
    /// The 32-byte digest of `message`.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let status = EVP_Digest(message, message.count, &digest, &count, EVP_sha256(), nil)
        precondition(status == 1 && count == 32, "libcrypto has no SHA-256")
        return digest
    }
}

/// HMAC with SHA-256.
///
/// Source: RFC 2104; HMAC(3ssl).
package enum HMACSHA256 {
    /// The 32-byte code of `message` under `key`.
    package static func authenticate(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let result = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &count)
        precondition(result != nil && count == 32, "libcrypto has no HMAC with SHA-256")
        return code
    }
}

/// PBKDF2 with HMAC-SHA-256: a slow hash for passwords.
///
/// Source: RFC 8018 §5.2; PKCS5_PBKDF2_HMAC(3ssl).
package enum PBKDF2 {
    /// The 32-byte key derived from `password`.
    ///
    /// - Parameters:
    ///   - password: the password.
    ///   - salt: random bytes kept beside the result.
    ///   - rounds: how often the hash is repeated.
    package static func derive(password: String, salt: [UInt8], rounds: Int) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: 32)
        let status = PKCS5_PBKDF2_HMAC(
            password, Int32(password.utf8.count), salt, Int32(salt.count), Int32(rounds), EVP_sha256(),
            Int32(key.count), &key)
        precondition(status == 1, "libcrypto has no PBKDF2 with SHA-256")
        return key
    }
}

/// Random bytes from the system's generator.
///
/// Source: getentropy(3).
package enum SecureRandom {
    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        for start in stride(from: 0, to: count, by: 256) {
            let part = min(256, count - start)
            let status = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { getentropy($0 + start, part) } ?? 0
            }
            precondition(status == 0, "the system's random generator gives nothing")
        }
        return bytes
    }
}
