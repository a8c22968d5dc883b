import WatchCore

/// What is wrong with the content of a state file: one line, without the values in it.
struct StateFormatError: Error, Hashable, CustomStringConvertible {
    var description: String
}

/// Reads the members of one object of a state file; members that it is not asked for do not matter.
struct StateFields {
    private let json: JSON
    private let path: String

    /// The members of `json`, which stands at `path` in the file.
    init(_ json: JSON, at path: String = "") throws(StateFormatError) {
        guard json.members != nil else {
            throw StateFormatError(description: "\(path.isEmpty ? "the file" : path) is no object")
        }
        self.json = json
        self.path = path
    }

    /// A member that must be there.
    func string(_ name: String) throws(StateFormatError) -> String { try required(name, try optionalString(name)) }

    /// A member that must be there.
    func integer(_ name: String) throws(StateFormatError) -> Int { try required(name, try optionalInteger(name)) }

    /// A member that must be there.
    func time(_ name: String) throws(StateFormatError) -> WallTime { try required(name, try optionalTime(name)) }

    /// nil: absent or null.
    func optionalString(_ name: String) throws(StateFormatError) -> String? {
        try optional(name, "string") { $0.string }
    }

    /// nil: absent or null.
    func optionalInteger(_ name: String) throws(StateFormatError) -> Int? {
        try optional(name, "whole number") { $0.integer }
    }

    /// nil: absent or null.
    func optionalSecret(_ name: String) throws(StateFormatError) -> Secret? {
        try optionalString(name).map { Secret($0) }
    }

    /// nil: absent or null.
    func optionalTime(_ name: String) throws(StateFormatError) -> WallTime? {
        try optional(name, "time in nanoseconds") { $0.time }
    }

    /// Empty: absent or null.
    func times(_ name: String) throws(StateFormatError) -> [WallTime] {
        try optional(name, "list of times in nanoseconds") { list in
            guard let elements = list.array else { return nil }
            let times = elements.compactMap(\.time)
            return times.count == elements.count ? times : nil
        } ?? []
    }

    /// Each object of a list, read by `read`; empty: absent or null.
    func objects<Element>(
        _ name: String, _ read: (StateFields) throws(StateFormatError) -> Element
    ) throws(StateFormatError) -> [Element] {
        let list = try optional(name, "list") { $0.array } ?? []
        var elements: [Element] = []
        for element in list { elements.append(try read(StateFields(element, at: place(of: name)))) }
        return elements
    }

    /// nil: absent or null.
    func object(_ name: String) throws(StateFormatError) -> StateFields? {
        guard let value = json[name], value != .null else { return nil }
        return try StateFields(value, at: place(of: name))
    }

    /// Whatever stands there; null when nothing does.
    func any(_ name: String) -> JSON { json[name] ?? .null }

    /// The names of all members.
    var names: [String] { json.members?.map(\.name) ?? [] }

    /// A value of an enumeration by its raw text.
    func choice<Choice: RawRepresentable<String>>(_ name: String) throws(StateFormatError) -> Choice {
        guard let choice = Choice(rawValue: try string(name)) else {
            throw StateFormatError(description: "\(place(of: name)) has an unknown value")
        }
        return choice
    }

    private func required<Value>(_ name: String, _ value: Value?) throws(StateFormatError) -> Value {
        guard let value else { throw StateFormatError(description: "\(place(of: name)) is missing") }
        return value
    }

    private func optional<Value>(
        _ name: String, _ kind: String, _ read: (JSON) -> Value?
    ) throws(StateFormatError) -> Value? {
        guard let value = json[name], value != .null else { return nil }
        guard let result = read(value) else { throw StateFormatError(description: "\(place(of: name)) is no \(kind)") }
        return result
    }

    private func place(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

extension JSON {
    /// A time as nanoseconds since the epoch, exactly.
    init(_ time: WallTime?) { self = time.map { .integer(Int($0.nanoseconds)) } ?? .null }

    /// The secret's value: only for the file that keeps it.
    init(_ secret: Secret?) { self = secret.map { .string($0.reveal()) } ?? .null }

    fileprivate var time: WallTime? { integer.map { WallTime(nanoseconds: Int64($0)) } }
}
