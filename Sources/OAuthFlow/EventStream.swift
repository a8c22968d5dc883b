/// Server-sent events.
///
/// Source: the WHATWG HTML standard §9.2.6.
enum EventStream {
    /// The data of each complete event that has any; comments, other fields and empty data are skipped.
    static func messages(_ body: [UInt8]) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var data: [UInt8]?
        for line in lines(body) {
            if line.isEmpty {
                if let complete = data, !complete.isEmpty { messages.append(complete) }
                data = nil
            } else if line.starts(with: "data".utf8), line.count == 4 || line[line.startIndex + 4] == UInt8(ascii: ":")
            {
                var value = line.dropFirst(5)
                if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
                data = data.map { $0 + [UInt8(ascii: "\n")] + value } ?? Array(value)
            }
        }
        return messages
    }

    /// Whether the bytes end where an event may: only then is it worth looking for an answer.
    static func endsWithEvent(_ body: [UInt8]) -> Bool {
        guard let last = body.last, last == 10 || last == 13 else { return false }
        let tail = body.suffix(4)
        return tail.suffix(2) == [10, 10] || tail.suffix(2) == [13, 13] || tail == [13, 10, 13, 10]
    }

    /// Whether data stands at the end that no empty line makes an event: clients drop it.
    static func endsWithinEvent(_ body: [UInt8]) -> Bool {
        !endsWithEvent(body) && messages(body + [10, 10]).count > messages(body).count
    }

    /// Complete lines, ended by LF, CR or CRLF.
    private static func lines(_ body: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = body.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        start = index
        while index < body.count {
            let byte = body[index]
            guard byte == 10 || byte == 13 else {
                index += 1
                continue
            }
            lines.append(body[start..<index])
            index += byte == 13 && index + 1 < body.count && body[index + 1] == 10 ? 2 : 1
            start = index
        }
        return lines
    }
}
