internal import CCrypto

/// scrypt: a hash for passwords that is slow and needs much memory.
///
/// Source: RFC 7914; EVP_PBE_scrypt(3ssl).
package enum Scrypt {
    /// What makes it slow.
    package struct Cost: Sendable, Hashable {
        /// N: a power of two above 1.
        package var iterations: UInt64
        /// r.
        package var blockSize: UInt64
        /// p.
        package var parallelism: UInt64

        /// N, r and p.
        package init(iterations: UInt64, blockSize: UInt64, parallelism: UInt64) {
            (self.iterations, self.blockSize, self.parallelism) = (iterations, blockSize, parallelism)
        }
    }

    /// Bytes that one derivation may use.
    private static let memoryLimit: UInt64 = 256 << 20

    /// The key derived from `password`.
    ///
    /// - Parameters:
    ///   - password: the password.
    ///   - salt: kept beside the result.
    ///   - cost: what makes it slow.
    ///   - count: bytes of the key.
    /// - Returns: nil when there is no scrypt of that cost, or it needs more than 256 MiB.
    package static func derive(password: String, salt: [UInt8], cost: Cost, count: Int) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: count)
        let status = EVP_PBE_scrypt(
            password, password.utf8.count, salt, salt.count, cost.iterations, cost.blockSize, cost.parallelism,
            memoryLimit, &key, count)
        return status == 1 ? key : nil
    }
}
