extension Unicode.Scalar {
    /// Whether it shows nothing itself, but moves the cursor, ends a line or turns the direction of writing.
    package var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
