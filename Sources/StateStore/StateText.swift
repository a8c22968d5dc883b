import WatchCore

/// The text of a target's state. A run writes the state some times, and little has changed each time: only that is made
/// anew.
struct StateText {
    /// The state that `values` are of.
    private var state: TargetState?
    private var values = [[UInt8]](repeating: [], count: StateMember.all.count)

    /// What `state.json` is, as text on one line.
    mutating func bytes(of new: TargetState) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.reduce(1_024) { $0 + $1.count })
        for (index, member) in StateMember.all.enumerated() {
            if state.map({ !member.isSame($0, new) }) ?? true { values[index] = member.json(new).bytes() }
            bytes.append(UInt8(ascii: index == 0 ? "{" : ","))
            bytes.append(contentsOf: member.key)
            bytes.append(contentsOf: values[index])
        }
        state = new
        return bytes + [UInt8(ascii: "}")]
    }
}
