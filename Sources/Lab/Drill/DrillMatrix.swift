/// The lines of a drill: fault, what is expected, what came.
struct DrillMatrix {
    private let widths: (id: Int, expected: Int)

    /// With columns as wide as these faults need.
    init(_ faults: [Fault]) {
        widths = (
            faults.map(\.id.count).max() ?? 0,
            faults.map(\.expectation.text.count).max().map { min($0, 60) } ?? 0
        )
    }

    /// The names of the columns.
    var head: String { row("", "fault", "expected", "got") }

    /// One fault.
    func line(_ fault: Fault, _ answer: CheckerAnswer) -> String {
        let agrees = answer.meets(fault.expectation)
        return row(agrees ? "ok" : "WRONG", fault.id, fault.expectation.text, answer.text)
    }

    private func row(_ mark: String, _ id: String, _ expected: String, _ got: String) -> String {
        "\(pad(mark, 5))  \(pad(id, widths.id))  \(pad(expected, widths.expected))  \(got)"
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
