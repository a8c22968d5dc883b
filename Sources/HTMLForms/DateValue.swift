/// Dates and times as inputs hold them.
///
/// Source: HTML §2.3.5.
enum DateValue {
    /// Whether a value is valid for an input of a type: `date`, `month`, `week`, `time` or `datetime-local`.
    static func isValid(_ value: String, type: String) -> Bool {
        switch type {
        case "date": return date(value)
        case "month": return month(value) != nil
        case "week": return week(value)
        case "time": return time(value)
        default:
            guard let mark = value.firstIndex(where: { $0 == "T" || $0 == " " }) else { return false }
            return date(String(value[..<mark])) && time(String(value[value.index(after: mark)...]))
        }
    }

    /// With `T` between date and time.
    static func normal(_ value: String, type: String) -> String {
        type == "datetime-local" ? String(value.map { $0 == " " ? "T" : $0 }) : value
    }

    private static func number(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }

    private static func month(_ value: some StringProtocol) -> (year: Int, month: Int)? {
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let year = number(parts[0], digits: 4...6), year > 0,
            let month = number(parts[1], digits: 2...2), (1...12).contains(month)
        else { return nil }
        return (year, month)
    }

    private static func date(_ value: String) -> Bool {
        guard let dash = value.lastIndex(of: "-"), let (year, month) = month(value[..<dash]),
            let day = number(value[value.index(after: dash)...], digits: 2...2)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return (1...days).contains(day)
    }

    private static func week(_ value: String) -> Bool {
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let year = number(parts[0], digits: 4...6), year > 0, parts[1].hasPrefix("W"),
            let week = number(parts[1].dropFirst(), digits: 2...2)
        else { return false }
        // A year has 53 weeks when it begins on a Thursday, or on a Wednesday and is a leap year.
        let before = year - 1
        let firstDay = (before * 365 + before / 4 - before / 100 + before / 400) % 7
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return (1...(firstDay == 3 || (firstDay == 2 && isLeap) ? 53 : 52)).contains(week)
    }

    private static func time(_ value: String) -> Bool {
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = number(parts[0], digits: 2...2), hour < 24,
            let minute = number(parts[1], digits: 2...2), minute < 60
        else { return false }
        guard parts.count == 3 else { return true }
        let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard seconds.count <= 2, let second = number(seconds[0], digits: 2...2), second < 60 else { return false }
        return seconds.count == 1 || number(seconds[1], digits: 1...3) != nil
    }
}
