import WatchCore

extension FormControl {
    /// The value that the page gives it, after the sanitisation of its type; of a text area as it is shown.
    ///
    /// Source: HTML §4.10.5.1 (value sanitization algorithms).
    package var initialValue: String {
        tag == "textarea" ? text : sanitized(attributes["value"] ?? "")
    }

    /// What a browser makes of a value written into this control.
    func sanitized(_ value: String) -> String {
        guard tag == "input" else { return value }
        switch type {
        case "text", "search", "tel", "password": return value.withoutLineEnds
        case "email", "url": return value.withoutLineEnds.trimmingSpaces
        case "number": return Self.isNumber(value) ? value : ""
        // A button without a value sends the label that the browser shows.
        case "submit" where attributes["value"] == nil: return "Submit"
        case "color": return Self.isColor(value) ? value.lowercased() : "#000000"
        case "range": return range(value)
        case "date", "month", "week", "time", "datetime-local":
            return DateValue.isValid(value, type: type) ? DateValue.normal(value, type: type) : ""
        default: return value
        }
    }

    private static func isColor(_ value: String) -> Bool {
        value.utf8.count == 7 && value.utf8.first == UInt8(ascii: "#")
            && value.utf8.dropFirst().allSatisfy { $0.isASCIIDigit || (97...102).contains($0 | 32) }
    }

    /// Source: HTML §2.3.4.3 (valid floating-point number).
    private static func isNumber(_ value: String) -> Bool {
        var rest = ArraySlice(value.utf8)
        func digits() -> Int {
            let run = rest.prefix { $0.isASCIIDigit }.count
            rest = rest.dropFirst(run)
            return run
        }
        if rest.first == .hyphen { rest = rest.dropFirst() }
        let whole = digits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if digits() == 0 { return false }
        } else if whole == 0 {
            return false
        }
        if let mark = rest.first, mark | 32 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == .hyphen || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
            if digits() == 0 { return false }
        }
        return rest.isEmpty && Double(value)?.isFinite == true
    }

    /// A slider always has a value within its bounds and on its steps.
    private func range(_ value: String) -> String {
        func number(_ text: String?) -> Double? { text.flatMap { Self.isNumber($0) ? Double($0) : nil } }
        let low = number(attributes["min"]) ?? 0
        let high = number(attributes["max"]) ?? 100
        let chosen = number(value)
        let middle = high < low ? low : low + (high - low) / 2
        let bounded = high < low ? low : min(max(chosen ?? middle, low), high)
        var result = bounded
        if attributes["step"]?.lowercased() != "any" {
            let step = number(attributes["step"]).flatMap { $0 > 0 ? $0 : nil } ?? 1
            result = low + ((bounded - low) / step + 0.5).rounded(.down) * step
            if result > high, high >= low { result -= step }
        }
        return chosen == result ? value : Self.decimal(result, places: places(attributes["min"], attributes["step"]))
    }

    /// The most digits behind the point.
    private func places(_ numbers: String?...) -> Int {
        numbers.map { number in
            guard let number, let point = number.firstIndex(of: ".") else { return 0 }
            return min(number[point...].count - 1, 9)
        }.max() ?? 0
    }

    private static func decimal(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let text = "\((value * scale).rounded() / scale)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension String {
    /// Without carriage returns and line feeds.
    var withoutLineEnds: String {
        guard utf8.contains(where: { $0 == 10 || $0 == 13 }) else { return self }
        return String(decoding: utf8.filter { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }

    /// With every line end, of whatever kind, as carriage return and line feed.
    var withNetworkLineEnds: String {
        guard utf8.contains(where: { $0 == 10 || $0 == 13 }) else { return self }
        var out: [UInt8] = []
        var previous: UInt8 = 0
        for byte in utf8 {
            switch byte {
            case 13: out += [13, 10]
            case 10: if previous != 13 { out += [13, 10] }
            default: out.append(byte)
            }
            previous = byte
        }
        return String(decoding: out, as: UTF8.self)
    }
}
