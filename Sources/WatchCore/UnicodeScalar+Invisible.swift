extension Unicode.Scalar {
    /// Whether it shows nothing itself, but moves the cursor, ends a line or turns the direction of writing.
    package var isInvisible: Bool {
        // Unicode's properties take long to look up.
        if isASCII { return value < 32 || value == 127 }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
