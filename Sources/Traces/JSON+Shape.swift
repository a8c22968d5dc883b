package import WatchCore

extension JSON {
    /// Of an array, and of an object, so many elements are told.
    private static let told = 20

    /// Types and lengths only: a string becomes `<string: 12 bytes>`; names of members stay.
    package func shape(level: Int = 0) -> JSON {
        guard level < Redactor.deepest else { return "<nested deeper>" }
        switch self {
        case .null: return .null
        case .bool: return "<boolean>"
        case .integer, .number: return "<number>"
        case .string(let text): return .string("<string: \(text.utf8.count) bytes>")
        case .array(let elements):
            let more = elements.count - Self.told
            return .array(
                elements.prefix(Self.told).map { $0.shape(level: level + 1) }
                    + (more > 0 ? [.string("<\(more) more>")] : []))
        case .object(let members):
            let more = members.count - Self.told
            return .object(
                members.prefix(Self.told).map { Member($0.name, $0.value.shape(level: level + 1)) }
                    + (more > 0 ? [Member("<\(more) more>", .null)] : []))
        }
    }
}
