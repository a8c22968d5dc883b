package import WatchCore

extension Redactor {
    /// Deeper values are replaced by a word, so that a trace stays readable to `TraceReader` whatever a server nests.
    static let deepest = 48

    /// A JSON value: secrets by the names of members and by value, in names, too.
    package func json(_ json: JSON) -> JSON { redacted(json, level: 0) }

    private func redacted(_ json: JSON, level: Int) -> JSON {
        guard level < Self.deepest else { return "<nested deeper>" }
        switch json {
        case .string(let text): return .string(self.text(text))
        case .array(let elements): return .array(elements.map { redacted($0, level: level + 1) })
        case .object(let members): return .object(members.map { redacted($0, level: level + 1) })
        case .integer(let value) where knowsNumbers: return number(json, String(value))
        case .number(let value) where knowsNumbers && value == value.rounded() && abs(value) < 1e18:
            return number(json, String(Int64(value)))
        case .null, .bool, .integer, .number: return json
        }
    }

    private func redacted(_ member: JSON.Member, level: Int) -> JSON.Member {
        let meaning = SensitiveName.meaning(member.name.utf8)
        let value: JSON =
            switch member.value {
            case .string(let text): .string(label(text, meaning) ?? self.text(text))
            case .array(let elements) where meaning != nil && level < Self.deepest:
                .array(elements.map { redacted(JSON.Member(member.name, $0), level: level + 1).value })
            case .integer where meaning == .password: .string(Fingerprint.password)
            default: redacted(member.value, level: level)
            }
        return JSON.Member(text(member.name), value)
    }

    private func number(_ json: JSON, _ digits: String) -> JSON {
        let redacted = text(digits)
        return redacted == digits ? json : .string(redacted)
    }
}
