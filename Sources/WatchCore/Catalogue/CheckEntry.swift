/// What a check is about: a row of the table behind `CheckID`. The rows stand in the extensions of this type, by step.
package struct CheckEntry: Sendable {
    package var step: Step
    package var severity: Severity
    package var layer: Layer
    /// What holds when all is well.
    package var asserts: String
    /// The standard it rests on; empty where the check is about the monitor itself.
    package var source: String
    /// What usually is behind it when it does not hold, the most frequent first.
    package var causes: [String]
    /// What the operator can do.
    package var remedy: String
    /// Public reports of it: repository and number.
    package var seenIn: [String]

    init(
        _ step: Step, _ severity: Severity, _ layer: Layer, asserts: String, source: String = "", causes: [String],
        remedy: String, seenIn: [String] = []
    ) {
        self.step = step
        self.severity = severity
        self.layer = layer
        self.asserts = asserts
        self.source = source
        self.causes = causes
        self.remedy = remedy
        self.seenIn = seenIn
    }
}
