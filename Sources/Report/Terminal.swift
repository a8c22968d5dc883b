/// What the terminal can show, and how text from a server is made harmless for it.
package struct Terminal: Sendable, Hashable {
    /// Whether to use colours: only on a real terminal.
    package var isColoured: Bool
    /// Whether it shows UTF-8; otherwise marks and text are plain ASCII.
    package var isUTF8: Bool

    /// What the terminal can show.
    package init(isColoured: Bool, isUTF8: Bool) {
        self.isColoured = isColoured
        self.isUTF8 = isUTF8
    }

    /// Longer lines are cut; whole answers are in the trace.
    static let longestLine = 400

    /// One line that does nothing but show: controls, escape sequences and marks that turn the direction of writing
    /// become `\u{…}`.
    func line(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Self.longestLine) {
            if isShown(scalar) {
                out.append(scalar)
            } else {
                out += (Self.plain[scalar] ?? "\\u{\(String(scalar.value, radix: 16))}").unicodeScalars
            }
        }
        let isCut = text.unicodeScalars.dropFirst(Self.longestLine).isEmpty == false
        return String(out) + (isCut ? (isUTF8 ? "…" : "...") : "")
    }

    /// A whole line with a mark before it, in the mark's colour.
    func line(_ mark: Mark, _ text: String) -> String {
        let whole = "\(isUTF8 ? mark.rawValue : mark.plain) \(line(text))"
        return isColoured ? "\u{1b}[\(mark.colour)m\(whole)\u{1b}[0m" : whole
    }

    private func isShown(_ scalar: Unicode.Scalar) -> Bool {
        (isUTF8 || scalar.isASCII) && Self.isHarmless(scalar)
    }

    /// Whether a character does nothing but show.
    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (32...126).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return false
        default: return true
        }
    }

    /// What our own texts use beyond ASCII.
    private static let plain: [Unicode.Scalar: String] = ["…": "...", "§": "section ", "→": "->", "–": "-", "±": "+/-"]
}

/// A mark at the beginning of a line.
enum Mark: String {
    case start = "🚀"
    case step = "🔍"
    // Two spaces follow, as the arrow is drawn wider than it counts.
    case request = "➡️ "
    case good = "✅"
    case bad = "❌"
    case warning = "⚠️ "
    case unknown = "❔"
    case summary = "📋"
    case skipped = "➖"

    /// For a terminal without UTF-8.
    var plain: String {
        switch self {
        case .start: ">>"
        case .step: "=="
        case .request: "->"
        case .good: "[ok]"
        case .bad: "[FAILED]"
        case .warning: "[warning]"
        case .unknown: "[?]"
        case .summary: "=="
        case .skipped: "[-]"
        }
    }

    /// The number of a Select Graphic Rendition.
    ///
    /// Source: ECMA-48 §8.3.117.
    var colour: Int {
        switch self {
        case .start, .step, .summary: 1
        case .request, .skipped: 2
        case .good: 32
        case .bad: 31
        case .warning, .unknown: 33
        }
    }
}
