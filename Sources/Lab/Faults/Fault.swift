/// A named departure of the lab from its plain good behaviour.
package struct Fault: Sendable {
    /// Whether a client may complain.
    package enum Kind: String, Sendable, Hashable {
        /// The server is wrong, and a monitor must say so.
        case fault
        /// The server is right in another way, and a monitor must cope.
        case variety
    }

    /// What a departure does to the behaviour.
    typealias Effect = @Sendable (inout Behaviour) -> Void

    package let id: String
    package let kind: Kind
    /// What the server then does, in one line.
    package let summary: String
    /// What a monitor must say of it.
    package let expectation: Expectation
    let effect: Effect

    static func fault(
        _ id: String, _ summary: String, _ expectation: Expectation, _ effect: @escaping Effect
    ) -> Fault {
        Fault(id: id, kind: .fault, summary: summary, expectation: expectation, effect: effect)
    }

    static func variety(
        _ id: String, _ summary: String, _ expectation: Expectation = .healthy, _ effect: @escaping Effect
    ) -> Fault {
        Fault(id: id, kind: .variety, summary: summary, expectation: expectation, effect: effect)
    }

    /// Every fault and variety under what it is about.
    package static let groups: [(title: String, faults: [Fault])] = [
        ("Challenge", challenge + moreChallenge), ("Discovery", discovery + moreDiscovery),
        ("Registration", registration + moreRegistration), ("Login", login + moreLogin),
        ("Redirect", redirect), ("Token", token + moreToken), ("Refresh and later", refresh), ("MCP", mcp),
        ("Revisions of MCP", revision),
        ("HTTP", wire),
        ("What must be refused", guards),
        ("Spoiled answers", transport),
    ]

    /// Every fault and variety; those that are chosen take effect in this order.
    package static let all: [Fault] = groups.flatMap(\.faults)

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
