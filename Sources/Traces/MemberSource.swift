import WatchCore

/// What a member is made of.
protocol MemberSource {
    /// Any number, the same for equal ones.
    var slot: Int { get }
    /// Whether another one, which is in ASCII, has the same bytes.
    func isSame(as other: Self) -> Bool
}

extension HTTPFields.Field: MemberSource {
    /// The fields that come in all requests differ in their lengths.
    var slot: Int { 31 &* name.utf8.count &+ value.utf8.count }
    /// Whether it is in ASCII.
    var isASCII: Bool { name.isASCII && value.isASCII }

    func isSame(as other: Self) -> Bool {
        value.isSame(as: other.value) && name.isSame(as: other.name)
    }
}

extension WebURL: MemberSource {
    /// In its normal form it is in ASCII.
    var slot: Int { path.utf8.count &+ 31 &* (query?.utf8.count ?? 0) }
    func isSame(as other: Self) -> Bool { self == other }
}

/// The body of an answer, and what else its redaction depends on.
struct AnswerBody: MemberSource, Equatable {
    var bytes: [UInt8]
    var contentType: String?
    var payload: HTTPRequest.Payload

    var slot: Int { bytes.count }

    func isSame(as other: Self) -> Bool { self == other }
}

extension JSON: MemberSource {
    /// The few bodies of requests that come again differ in the number of their members.
    var slot: Int { members?.count ?? 0 }

    /// Whether all its texts are in ASCII.
    var isASCII: Bool {
        switch self {
        case .null, .bool, .integer, .number: true
        case .string(let text): text.isASCII
        case .array(let elements): elements.allSatisfy(\.isASCII)
        case .object(let members): members.allSatisfy { $0.name.isASCII && $0.value.isASCII }
        }
    }

    func isSame(as other: Self) -> Bool {
        switch (self, other) {
        case (.string(let text), .string(let other)): text.isSame(as: other)
        case (.number(let value), .number(let other)): value.bitPattern == other.bitPattern
        case (.array(let elements), .array(let others)):
            elements.count == others.count && zip(elements, others).allSatisfy { $0.isSame(as: $1) }
        case (.object(let members), .object(let others)):
            members.count == others.count
                && zip(members, others).allSatisfy { $0.name.isSame(as: $1.name) && $0.value.isSame(as: $1.value) }
        default: self == other
        }
    }
}

extension String {
    /// Whether another text has the same bytes as this one, which is in ASCII: what is equal to ASCII, and as long, is ASCII.
    fileprivate func isSame(as other: String) -> Bool { utf8.count == other.utf8.count && self == other }

    /// Whether it is in ASCII.
    fileprivate var isASCII: Bool {
        var text = self
        return text.withUTF8 { bytes in bytes.reduce(0) { $0 | $1 } < 128 }
    }
}
