/// Random numbers that are the same for the same seed.
///
/// Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014 (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

/// What stands around secrets in the answers of servers.
enum Filler {
    private static let pieces = [
        "the quick brown fox ", "<p class=\"x\">", "</p>\n", "{\"a\": [1, 2], \"b\": \"", "\", \"c\": null}", "%20",
        "&amp;", "\\n",
        "\\u00e9", "\\\"", "?a=b&c=", "#d=", "data: ", "\r\n\r\n", "100% ", "a & b ", "\\\\ ", "\u{20ac}", "<redacted>",
        "'",
        "<input type=\"hidden\" name=\"x\" value=\"", "\">", "eyJ", "Bearer ", "Basic ", "token=", "=", "/", "//x:",
        "@h ", "\u{0}",
        "<input value='", "%25", "&#x2f;", "&lt;", ":", "; ", "<password>", "\"code\": \"", "code='", "%E2%82%AC",
    ]

    static func text(using random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...8, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
    }
}
