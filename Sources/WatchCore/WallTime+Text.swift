import Glibc

extension WallTime {
    /// ISO 8601 with microseconds and `+00:00`, as in a trace: `2026-11-23T06:55:01.000001+00:00`.
    package var iso8601: String {
        let seconds = nanoseconds.quotientFloored(by: 1_000_000_000)
        let fraction = nanoseconds % 1_000_000_000
        let micros = (fraction < 0 ? fraction + 1_000_000_000 : fraction) / 1_000
        let days = seconds.quotientFloored(by: 86_400)
        let second = seconds - days * 86_400
        let (year, month, day) = Self.date(days)
        // Two times an exchange: strftime(3) and texts put together cost many times as much.
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var writer = DigitWriter(buffer)
            writer.add(year, 4, then: "-")
            writer.add(month, 2, then: "-")
            writer.add(day, 2, then: "T")
            writer.add(second / 3_600, 2, then: ":")
            writer.add(second / 60 % 60, 2, then: ":")
            writer.add(second % 60, 2, then: ".")
            writer.add(micros, 6, then: "+")
            writer.add(0, 2, then: ":")
            writer.add(0, 2)
            return writer.count
        }
    }

    /// To the second, for one line that a person reads: `2026-11-23T06:55:01Z`.
    package var iso8601Seconds: String { civil("%Y-%m-%dT%H:%M:%SZ") }

    /// For a file name: `20261123_065501`.
    package var fileStamp: String { civil("%Y%m%d_%H%M%S") }

    /// Hours and minutes, UTC: `06:55`.
    package var hourMinute: String { civil("%H:%M") }

    /// Reads an HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT`).
    ///
    /// Source: RFC 9110 §5.6.7.
    package init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.utf8.split { ", :".utf8.contains($0) }.map { Substring($0) }
        guard parts.count == 8, parts[7] == "GMT", let month = months.firstIndex(of: String(parts[2])),
            let time = Self.sinceEpoch([parts[3], parts[1], parts[4], parts[5], parts[6]], month: month + 1)
        else { return nil }
        self = WallTime(nanoseconds: 0) + time
    }

    /// Reads what `iso8601` and `iso8601Seconds` write.
    package init?(iso8601 text: String) {
        let parts = text.split(whereSeparator: { "-T:.Z+".contains($0) })
        let isUTC = text.hasSuffix("Z") || text.hasSuffix("+00:00")
        let count = text.hasSuffix("Z") ? parts.count : parts.count - 2
        guard isUTC, count == 6 || (count == 7 && parts[6].utf8.count == 6), let month = Int(parts[1]),
            let micros = count == 7 ? Int64(parts[6]) : 0,
            let time = Self.sinceEpoch([parts[0], parts[2], parts[3], parts[4], parts[5]], month: month)
        else { return nil }
        self = WallTime(nanoseconds: 0) + (time + .microseconds(micros))
    }

    /// From year, day, hour, minute and second, and the month from 1 to 12; nil when there is no such moment.
    private static func sinceEpoch(_ texts: [Substring], month: Int) -> Duration? {
        let numbers = texts.compactMap { Int32($0) }
        guard numbers.count == 5, (1...12).contains(month), (1...9999).contains(numbers[0]),
            (0...23).contains(numbers[2]), (0...59).contains(numbers[3]), (0...60).contains(numbers[4])
        else { return nil }
        var date = tm()
        (date.tm_year, date.tm_mon, date.tm_mday) = (numbers[0] - 1900, Int32(month - 1), numbers[1])
        let midnight = timegm(&date)
        // timegm(3) makes 3 March of 31 February.
        guard date.tm_mday == numbers[1] else { return nil }
        return .seconds(midnight + Int(numbers[2]) * 3_600 + Int(numbers[3]) * 60 + Int(numbers[4]))
    }

    /// Year, month and day in UTC of a day, counted from the epoch.
    ///
    /// Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, `civil_from_days`.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.quotientFloored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // The year begins in March here, so that the leap day is its last one.
        let place = (5 * dayOfYear + 2) / 153
        let month = place < 10 ? place + 3 : place - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * place + 2) / 5 + 1)
    }

    private func civil(_ format: String) -> String {
        var seconds = time_t(nanoseconds.quotientFloored(by: 1_000_000_000))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            let count = strftime(base, buffer.count, format, &parts)
            return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
        }
    }
}

extension Int64 {
    fileprivate func quotientFloored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// Writes numbers of fixed width.
private struct DigitWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    /// Adds a number with leading zeros, and a character.
    mutating func add(_ value: Int64, _ width: Int, then character: Unicode.Scalar? = nil) {
        var rest = value
        for place in (count..<count + width).reversed() {
            buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += width
        guard let character else { return }
        buffer[count] = UInt8(ascii: character)
        count += 1
    }
}
