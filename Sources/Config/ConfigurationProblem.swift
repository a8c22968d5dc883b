/// Something in a configuration that is wrong, or deserves a second look; its text is free of secrets.
package struct ConfigurationProblem: Sendable, Hashable {
    /// The file as it was named to us, or a file that the configuration names.
    package var file: String
    /// From 1.
    package var line: Int
    /// In characters, from 1.
    package var column: Int
    /// Where in the configuration: `targets[0].interval`; empty for the file as a whole.
    package var key: String
    /// One line: what is wrong.
    package var what: String
    /// What would be right.
    package var allowed: String
    /// Whether the configuration can be used nevertheless.
    package var isWarning: Bool

    init(
        file: String, at position: TextPosition, key: String, what: String, allowed: String, isWarning: Bool = false
    ) {
        self.file = file
        (line, column) = (position.line, position.column)
        self.key = key
        self.what = what
        self.allowed = allowed
        self.isWarning = isWarning
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: KEY: what is wrong; allowed: …`
    package var description: String {
        let subject = key.isEmpty ? "" : "\(key): "
        return "\(file):\(line):\(column): \(isWarning ? "warning: " : "")\(subject)\(what); allowed: \(allowed)"
    }
}

/// A configuration that cannot be used.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// In the order of the file; at least one of them is no warning.
    package var problems: [ConfigurationProblem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
