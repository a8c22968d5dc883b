import WatchCore

/// Header fields, and other names and values.
extension TraceWriter {
    /// The fields that were sent, as an object.
    mutating func write(sent fields: HTTPFields) {
        guard findPlaces(of: fields, among: sentFields) else {
            return write(redactor.fields(fields).fields.map { FormPair($0.name, $0.value) })
        }
        out.beginObject()
        for (field, place) in zip(fields.fields, places) {
            if let place {
                out.write(again: place)
            } else {
                out.write(name: field.name)
                out.write(redactor.value(of: field))
                sentFields.note(field, at: out.elementStart..<out.end)
            }
        }
        out.endObject()
    }

    /// The fields of an answer, as an object, their names in lower case.
    mutating func write(answered fields: HTTPFields) {
        guard findPlaces(of: fields, among: answeredFields) else {
            return write(redactor.fields(fields).fields.map { FormPair($0.name.lowercased(), $0.value) })
        }
        out.beginObject()
        for (field, place) in zip(fields.fields, places) {
            if let place {
                out.write(again: place)
            } else {
                out.write(name: field.name.lowercased())
                out.write(redactor.value(of: field))
                answeredFields.note(field, at: out.elementStart..<out.end)
            }
        }
        out.endObject()
    }

    /// Looks up where the fields stand already.
    ///
    /// - Returns: whether the fields may be written one by one, each under its own name: few, in ASCII, no name twice, none
    ///   to be redacted.
    private mutating func findPlaces(
        of fields: HTTPFields, among known: borrowing WrittenMembers<HTTPFields.Field>
    ) -> Bool {
        places.removeAll(keepingCapacity: true)
        guard fields.fields.count <= Self.few else { return false }
        var lengths: UInt64 = 0
        for (index, field) in fields.fields.enumerated() {
            let length: UInt64 = 1 << UInt64(field.name.utf8.count & 63)
            if lengths & length != 0,
                fields.fields[..<index].contains(where: { $0.name.equalsIgnoringCase(field.name) })
            {
                return false
            }
            lengths |= length
            let place = known[field]
            guard place != nil || isOrdinary(field) else { return false }
            places.append(place)
        }
        return true
    }

    private func isOrdinary(_ field: HTTPFields.Field) -> Bool {
        field.isASCII && (SensitiveName.isCommonHeader(field.name) || redactor.holdsNothing(field.name))
    }

    /// As an object; a name that comes again has a list of its values.
    mutating func write(_ pairs: [FormPair]) {
        // As a rule there are few names, and each comes once.
        let isPlain = pairs.count <= Self.few && !pairs.indices.contains { Self.repeatsName($0, of: pairs) }
        guard isPlain else { return out.write(JSON(pairs: pairs)) }
        out.beginObject()
        for pair in pairs {
            out.write(name: pair.name)
            out.write(pair.value)
        }
        out.endObject()
    }

    private static var few: Int { 24 }

    private static func repeatsName(_ index: Int, of pairs: [FormPair]) -> Bool {
        pairs[..<index].contains { $0.name == pairs[index].name }
    }
}

extension JSON {
    /// Names and values as an object; a name that comes again has a list of its values.
    fileprivate init(pairs: [FormPair]) {
        var places: [String: Int] = [:]
        var values: [(name: String, values: [JSON])] = []
        places.reserveCapacity(pairs.count)
        values.reserveCapacity(pairs.count)
        for pair in pairs {
            if let place = places[pair.name] {
                values[place].values.append(.string(pair.value))
            } else {
                places[pair.name] = values.count
                values.append((pair.name, [.string(pair.value)]))
            }
        }
        self = .object(values.map { Member($0.name, $0.values.count == 1 ? $0.values[0] : .array($0.values)) })
    }
}
