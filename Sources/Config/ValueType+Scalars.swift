import WatchCore

extension ValueType<String> {
    /// Text on one line, not empty, without control characters.
    static let text = line("text on one line")

    /// Text on one line that is not shown in messages.
    static func line(
        _ allowed: String, where isFine: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> ValueType {
        let quoted = "\(allowed), in quotes where YAML would read something else"
        return ValueType(allowed, shape: .text()) { node, decoding in
            guard let text = node.json.string else {
                decoding.problem(at: node.position, "is \(node.kind)", allowed: quoted)
                return nil
            }
            guard !text.isEmpty, !text.unicodeScalars.contains(where: \.isControl), isFine(text) else {
                decoding.problem(
                    at: node.position, text.isEmpty ? "is empty" : "is of the wrong form", allowed: allowed)
                return nil
            }
            return text
        }
    }

    /// Text, or a number that counts from 1.
    static let textOrPlace = ValueType(
        "text on one line, or a number from 1", shape: .either([.text(), .integer(1...Int(Int32.max))])
    ) { node, decoding in
        if let place = node.json.integer, place > 0 { return String(place) }
        return text.read(node, &decoding)
    }

    /// A name that can also be a directory's.
    static let targetName = line(
        "at most 100 printable ASCII characters that can name a directory: no space, no /, not . or .., no leading -"
    ) { name in
        name.utf8.count <= 100 && name.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "/") }
            && name != "." && name != ".." && !name.hasPrefix("-")
    }

    /// Scope tokens with single spaces between them.
    ///
    /// Source: RFC 6749 §3.3.
    static let scope = line(
        "scopes with single spaces between them: read write", where: \.isScope)
}

extension String {
    /// Whether this is scope tokens with single spaces between them.
    ///
    /// Source: RFC 6749 §3.3.
    package var isScope: Bool {
        split(separator: " ", omittingEmptySubsequences: false).allSatisfy { token in
            !token.isEmpty && token.utf8.allSatisfy { (33...126).contains($0) && $0 != 34 && $0 != 92 }
        }
    }
}

extension ValueType<Bool> {
    /// Whether something is so.
    static let flag = ValueType(scalar: "true or false", shape: .flag) { json in
        guard case .bool(let value) = json else { return nil }
        return value
    }
}

extension ValueType<Int> {
    /// A whole number within `range`.
    static func integer(_ range: ClosedRange<Int>) -> ValueType {
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return ValueType(allowed, shape: .integer(range)) { node, decoding in
            guard case .integer(let value) = node.json else { return decoding.misunderstood(node, allowed: allowed) }
            guard range.contains(value) else {
                decoding.problem(
                    at: node.position, "\(value) is too \(value < range.lowerBound ? "small" : "large")",
                    allowed: allowed)
                return nil
            }
            return value
        }
    }

    /// A number of bytes with its unit.
    static let size = ValueType(
        scalar: "a size with its unit, B, KiB, MiB or GiB: 200MiB", shape: .text(pattern: "^[0-9]+([KMG]i)?B$")
    ) { json in
        json.string.flatMap {
            Quantity.read($0, units: [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)])
        }
    }
}

extension ValueType<Duration> {
    /// A time with its unit, at least one millisecond and at most `longest`.
    static func duration(atMost longest: (duration: Duration, text: String) = (.seconds(366 * 86_400), "366d"))
        -> ValueType
    {
        return ValueType(
            scalar: "a time with its unit, ms, s, m, h or d, up to \(longest.text): 30s",
            shape: .text(pattern: "^[0-9]+(ms|s|m|h|d)$")
        ) { json in
            guard let count = json.string.flatMap({ Quantity.read($0, units: Quantity.times) }), count > 0 else {
                return nil
            }
            let duration = Duration.milliseconds(count)
            return duration <= longest.duration ? duration : nil
        }
    }

    /// The time between two runs, with a warning when it is short.
    static let interval = duration().checked { interval, position, decoding in
        guard interval < .seconds(30) else { return }
        decoding.warning(at: position, "asks the server very often", allowed: "30s or more is kinder to it")
    }
}

extension ValueType where Value: Sendable {
    /// One of some words.
    static func choice(_ words: KeyValuePairs<String, Value>) -> ValueType {
        let pairs = Array(words)
        let allowed = pairs.map(\.key).joined(separator: ", ")
        return ValueType(scalar: "one of \(allowed)", shape: .words(pairs.map(\.key))) { json in
            let word = json.string ?? json.integer.map(String.init)
            return pairs.first { $0.key == word }?.value
        }
    }
}

/// A number with a unit behind it.
enum Quantity {
    /// Units of time, in milliseconds.
    static let times = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]

    /// The number in the smallest unit; nil when it is none or too large.
    ///
    /// - Parameters:
    ///   - text: digits and a unit, without a space: `15m`.
    ///   - units: each unit's name and size.
    static func read(_ text: String, units: [(name: String, size: Int)]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), let unit = units.first(where: { $0.name == text[digits.endIndex...] }) else {
            return nil
        }
        let (product, overflows) = count.multipliedReportingOverflow(by: unit.size)
        return overflows ? nil : product
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character, a line end among them.
    var isControl: Bool { properties.generalCategory == .control }
}
