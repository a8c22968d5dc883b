/// A named departure of the lab from its plain good behaviour.
package struct Fault: Sendable {
    /// Whether a client may complain.
    package enum Kind: String, Sendable, Hashable {
        /// The server is wrong, and a monitor must say so.
        case fault
        /// The server is right in another way, and a monitor must cope.
        case variety
    }

    package let id: String
    package let kind: Kind
    /// What the server then does, in one line.
    package let summary: String
    let effect: @Sendable (inout Behaviour) -> Void

    init(_ id: String, _ kind: Kind, _ summary: String, _ effect: @escaping @Sendable (inout Behaviour) -> Void) {
        self.id = id
        self.kind = kind
        self.summary = summary
        self.effect = effect
    }

    static func fault(_ id: String, _ summary: String, _ effect: @escaping @Sendable (inout Behaviour) -> Void) -> Fault
    {
        Fault(id, .fault, summary, effect)
    }

    static func variety(_ id: String, _ summary: String, _ effect: @escaping @Sendable (inout Behaviour) -> Void)
        -> Fault
    {
        Fault(id, .variety, summary, effect)
    }

    /// Every fault and variety; those that are chosen take effect in this order.
    package static let all: [Fault] =
        challenge + discovery + registration + login + redirect + token + mcp + wire + transport

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    /// The fault or variety called `id`.
    package static func named(_ id: String) -> Fault? { byID[id] }

    /// One line each: the id first, then its kind and what it does.
    package static var list: String {
        let width = all.map(\.id.count).max() ?? 0
        return all.map { fault in
            let padding = String(repeating: " ", count: width - fault.id.count)
            return "\(fault.id)\(padding)  \(fault.kind.rawValue.prefix(7)): \(fault.summary)"
        }.joined(separator: "\n")
    }
}
