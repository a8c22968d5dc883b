import Crypto
import WatchCore

/// A password as werkzeug keeps it: `scrypt:32768:8:1$SALT$HEX`.
///
/// Source: werkzeug.security, `generate_password_hash`.
struct WerkzeugHash: Sendable, Hashable {
    /// As it stands in the column.
    let text: String

    private static let cost = Scrypt.Cost(iterations: 32_768, blockSize: 8, parallelism: 1)
    private static let keyLength = 64
    private static let saltLength = 16
    private static let saltCharacters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// The hash of `password` with a fresh salt.
    init?(of password: Secret) {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<Self.saltLength).compactMap { _ in Self.saltCharacters.randomElement(using: &generator) }
        self.init(of: password, salt: String(salt))
    }

    /// The hash of `password` with this salt; nil when this machine cannot compute it.
    init?(of password: Secret, salt: String) {
        guard let key = Self.key(of: password, salt: salt, cost: Self.cost, count: Self.keyLength) else { return nil }
        let cost = "\(Self.cost.iterations):\(Self.cost.blockSize):\(Self.cost.parallelism)"
        text = "scrypt:\(cost)$\(salt)$\(key)"
    }

    /// A hash that was found.
    init(text: String) { self.text = text }

    /// Whether it is the hash of `password`; nil when it is of another kind.
    func matches(_ password: Secret) -> Bool? {
        let parts = text.split(separator: "$", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let method = parts[0].split(separator: ":").map(String.init)
        guard parts.count == 3, method.count == 4, method[0] == "scrypt", let iterations = UInt64(method[1]),
            let blockSize = UInt64(method[2]), let parallelism = UInt64(method[3]), (2...256).contains(parts[2].count),
            let key = Self.key(
                of: password, salt: parts[1],
                cost: Scrypt.Cost(iterations: iterations, blockSize: blockSize, parallelism: parallelism),
                count: parts[2].count / 2)
        else { return nil }
        // Our own password, compared on our own machine: how long that takes tells nobody anything.
        return key == parts[2]
    }

    private static func key(of password: Secret, salt: String, cost: Scrypt.Cost, count: Int) -> String? {
        Scrypt.derive(password: password.reveal(), salt: Array(salt.utf8), cost: cost, count: count).map { key in
            key.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    }
}
