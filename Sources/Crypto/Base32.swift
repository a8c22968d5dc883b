/// Base32, without padding.
///
/// Source: RFC 4648 §6.
package enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The text for `bytes`.
    package static func encode(_ bytes: [UInt8]) -> String {
        var (out, value, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
        for byte in bytes {
            value = value << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                out.append(alphabet[Int(value >> bits & 31)])
            }
        }
        if bits > 0 { out.append(alphabet[Int(value << (5 - bits) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }
}
