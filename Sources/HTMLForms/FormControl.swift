import WatchCore

/// A control of a form: `input`, `button`, `select` or `textarea`.
package struct FormControl: Sendable {
    /// One choice of a `select`.
    package struct Option: Sendable {
        var value: String?
        var isSelected: Bool
        var isDisabled: Bool
        var text = ""

        /// What is submitted: the `value`, or the text with its white space collapsed.
        var submitted: String { value ?? text.collapsingSpaces }
    }

    /// `input`, `button`, `select` or `textarea`.
    package let tag: String
    /// By name in lower case.
    package let attributes: [String: String]
    /// The type in lower case, as a browser understands it.
    package let type: String
    /// The content of a text area, the label of a button.
    package var text: String
    package var options: [Option] = []
    /// By its own attribute or by a fieldset around it.
    package var isDisabled = false

    init(tag: String, attributes: [String: String], text: String = "") {
        self.tag = tag
        self.attributes = attributes
        self.text = text
        type = Self.type(tag, attributes)
    }

    /// The name that is submitted; empty when there is none.
    package var name: String { attributes["name"] ?? "" }

    private static func type(_ tag: String, _ attributes: [String: String]) -> String {
        let type = attributes["type"]?.lowercased()
        switch tag {
        case "button": return ["reset", "button"].contains(type ?? "") ? type ?? "" : "submit"
        case "input": return type.flatMap { inputTypes.contains($0) ? $0 : nil } ?? "text"
        default: return tag
        }
    }

    /// Whether pressing it submits the form.
    package var isSubmitButton: Bool { type == "submit" || type == "image" }

    /// Whether it is a button of any sort, submitted only when it is pressed.
    var isButton: Bool { isSubmitButton || type == "reset" || type == "button" }

    /// Whether a person writes one line into it.
    var isTextField: Bool { tag == "input" && ["text", "email", "tel", "url", "search", "number"].contains(type) }

    /// Whether a person does not see it.
    var isHidden: Bool { type == "hidden" || attributes["hidden"] != nil }

    /// The words of the `autocomplete` attribute, in lower case.
    var autocomplete: [String] {
        guard let text = attributes["autocomplete"] else { return [] }
        let words = text.lowercased().utf8.split { $0.isHTMLSpace }
        return words.map { String(Substring($0)) }
    }

    /// What a person reads on a button.
    package var label: String {
        let shown = tag == "button" ? text.collapsingSpaces : type == "image" ? attributes["alt"] ?? "" : initialValue
        return shown.isEmpty ? attributes["aria-label"] ?? attributes["title"] ?? "" : shown
    }

    private static let inputTypes: Set<String> = [
        "hidden", "text", "search", "tel", "url", "email", "password", "date", "month", "week", "time",
        "datetime-local", "number", "range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button",
    ]
}

extension String {
    /// With every run of white space as one space, and none at the ends.
    var collapsingSpaces: String {
        hasSpacesToCollapse ? collapsed : self
    }

    private var hasSpacesToCollapse: Bool {
        var previous = UInt8(ascii: " ")
        for byte in utf8 {
            if byte.isHTMLSpace, byte != UInt8(ascii: " ") || previous == byte { return true }
            previous = byte
        }
        return previous == UInt8(ascii: " ")
    }

    private var collapsed: String {
        utf8.split { $0.isHTMLSpace }.map { Substring($0) }.joined(separator: " ")
    }
}
