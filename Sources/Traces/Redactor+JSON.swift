import JSONReader
package import WatchCore

extension Redactor {
    /// Deeper values are replaced by a word, so that a trace stays readable to `TraceReader` whatever a server nests.
    static let deepest = 48

    /// A JSON value: secrets by the names of members and by value, in names, too.
    package func json(_ json: JSON) -> JSON {
        // What was written here is read again: one way to redact is enough, and this one is for few values.
        (try? JSON(parsing: compact(json))) ?? .null
    }

    /// A JSON value as text on one line, redacted like `json(_:)`.
    func compact(_ json: JSON) -> [UInt8] {
        var out = JSONWriter()
        write(json, to: &out)
        return out.bytes
    }

    /// Writes a JSON value, redacted like `json(_:)`.
    func write(_ json: JSON, to out: inout JSONWriter) { write(json, to: &out, level: 0) }

    private func write(_ json: JSON, to out: inout JSONWriter, level: Int) {
        guard level < Self.deepest else { return out.write("<nested deeper>") }
        switch json {
        case .string(let text): write(text, to: &out)
        case .array(let elements):
            out.beginArray()
            for element in elements { write(element, to: &out, level: level + 1) }
            out.endArray()
        case .object(let members):
            out.beginObject()
            for member in members {
                write(name: member.name, to: &out)
                write(member.value, of: member.name, to: &out, level: level + 1)
            }
            out.endObject()
        case .integer(let value) where knowsNumbers: write(json, String(value), to: &out)
        case .number(let value) where knowsNumbers && value == value.rounded() && abs(value) < 1e18:
            write(json, String(Int64(value)), to: &out)
        case .null, .bool, .integer, .number: out.write(json)
        }
    }

    /// The value of a member: its name may say that it is a secret, also of each element of a list.
    private func write(_ value: JSON, of name: String, to out: inout JSONWriter, level: Int) {
        let meaning = SensitiveName.meaning(NameKey(name))
        switch value {
        case .string(let text):
            if let label = label(text, meaning) { out.write(label) } else { write(text, to: &out) }
        case .array(let elements) where meaning != nil && level < Self.deepest:
            out.beginArray()
            for element in elements { write(element, of: name, to: &out, level: level + 1) }
            out.endArray()
        case .integer where meaning == .password: out.write(Fingerprint.password)
        default: write(value, to: &out, level: level)
        }
    }

    private func write(_ number: JSON, _ digits: String, to out: inout JSONWriter) {
        let redacted = text(digits)
        if redacted == digits { out.write(number) } else { out.write(redacted) }
    }
}
