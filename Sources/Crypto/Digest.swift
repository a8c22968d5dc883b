internal import CCrypto
import Glibc

/// SHA-256.
///
/// Source: FIPS 180-4; EVP_Digest(3ssl).
package enum SHA256 {
    /// The 32-byte digest of `message`.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { digest, count in
            message.withUnsafeBytes { write($0, to: digest) }
            count = size
        }
    }

    /// Bytes of a digest.
    fileprivate static let size = 32

    /// Writes the digest of `message` to where there is room for it.
    fileprivate static func write(_ message: UnsafeRawBufferPointer, to digest: UnsafeMutableBufferPointer<UInt8>) {
        precondition(digest.count >= size, "no room for a digest")
        var count: UInt32 = 0
        let status = EVP_Digest(message.baseAddress, message.count, digest.baseAddress, &count, algorithm, nil)
        precondition(status == 1 && count == size, "libcrypto has no SHA-256")
    }

    /// Looked up once: libcrypto looks through its providers each time that it is asked for `EVP_sha256()`.
    ///
    /// Unsafe only by its type: an algorithm is never changed, and never freed.
    ///
    /// Source: crypto(7ssl), Explicit fetching.
    private nonisolated(unsafe) static let algorithm = {
        // Whoever comes first sets up libcrypto for the process: see `CurlLibrary`.
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
        return EVP_MD_fetch(nil, "SHA256", nil)
    }()
}

/// HMAC with SHA-256, under one key.
///
/// Source: RFC 2104 §2; libcrypto's HMAC() looks up the algorithms anew for each message, which takes ten times as long.
package struct HMACSHA256: Sendable {
    /// The key as it stands before a message, and before the digest of both.
    private let inner: [UInt8]
    private let outer: [UInt8]

    /// Bytes that SHA-256 takes at a time.
    private static let blockSize = 64

    /// Codes under `key`.
    package init(key: [UInt8]) {
        let short = key.count > Self.blockSize ? SHA256.digest(key) : key
        let block = short + [UInt8](repeating: 0, count: Self.blockSize - short.count)
        inner = block.map { $0 ^ 0x36 }
        outer = block.map { $0 ^ 0x5c }
    }

    /// The 32-byte code of `message`.
    package func authenticate(_ message: [UInt8]) -> [UInt8] {
        message.withUnsafeBytes { message in
            [UInt8](unsafeUninitializedCapacity: SHA256.size) { code, count in
                Self.write(inner, message, to: code)
                let digest = UnsafeRawBufferPointer(start: code.baseAddress, count: SHA256.size)
                Self.write(outer, digest, to: code)
                count = SHA256.size
            }
        }
    }

    /// Writes the digest of a block and what follows it.
    private static func write(
        _ block: [UInt8], _ rest: UnsafeRawBufferPointer, to digest: UnsafeMutableBufferPointer<UInt8>
    ) {
        withUnsafeTemporaryAllocation(byteCount: block.count + rest.count, alignment: 1) { both in
            both.copyBytes(from: block)
            UnsafeMutableRawBufferPointer(rebasing: both[block.count...]).copyMemory(from: rest)
            SHA256.write(UnsafeRawBufferPointer(both), to: digest)
        }
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
