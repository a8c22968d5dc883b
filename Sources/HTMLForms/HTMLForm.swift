import WatchCore

/// A form of a page and the controls that it owns, in the order of the document.
package struct HTMLForm: Sendable {
    /// Place among the page's forms, from 0.
    package let index: Int
    /// By name in lower case.
    package let attributes: [String: String]
    package var controls: [FormControl] = []

    init(index: Int, attributes: [String: String]) {
        self.index = index
        self.attributes = attributes
    }

    /// `id`, else `name`, else its number from 1: how a person finds it in the page.
    package var title: String {
        let names = [attributes["id"], attributes["name"]].compactMap { $0 }.filter { !$0.isEmpty }
        return names.first.map { "form \"\($0)\"" } ?? "form \(index + 1)"
    }
}

extension HTMLForm {
    /// One name and value, and whether it stands for a file.
    struct Entry {
        var name: String
        var value: String
        var isFile = false
    }

    /// What a browser would submit.
    ///
    /// - Parameters:
    ///   - values: what to write into controls, by their number in `controls`; a check box is ticked unless it is empty.
    ///   - button: number of the button that is pressed; nil when a script submits.
    ///   - charset: for a `_charset_` field.
    ///
    /// Source: HTML §4.10.21.4 (constructing the entry list); like Chromium, and unlike the standard, controls in a
    /// `datalist` count.
    func entries(values: [Int: String] = [:], button: Int?, charset: String = "UTF-8") -> [Entry] {
        let radios = checkedRadios
        return controls.indices.flatMap { index -> [Entry] in
            let control = controls[index]
            if control.isDisabled || (control.isButton && index != button) { return [] }
            if control.type == "image" { return Self.coordinates(control.name) }
            guard !control.name.isEmpty else { return [] }
            switch control.type {
            case "checkbox" where !(values[index].map { $0 != "" } ?? (control.attributes["checked"] != nil)): return []
            case "radio" where !radios.contains(index): return []
            case "checkbox", "radio": return [Entry(name: control.name, value: control.attributes["value"] ?? "on")]
            case "file": return [Entry(name: control.name, value: "", isFile: true)]
            case "select" where values[index] != nil: return [Entry(name: control.name, value: values[index] ?? "")]
            case "select": return control.selectedValues.map { Entry(name: control.name, value: $0) }
            case "hidden" where control.name.equalsIgnoringCase("_charset_"):
                return [Entry(name: control.name, value: charset)]
            default:
                let value = values[index].map(control.sanitized) ?? control.initialValue
                return [Entry(name: control.name, value: value)] + Self.direction(of: control)
            }
        }
    }

    /// Of the radio buttons of one name, the last one that is checked.
    private var checkedRadios: Set<Int> {
        var last: [String: Int] = [:]
        for (index, control) in controls.enumerated()
        where control.type == "radio" && control.attributes["checked"] != nil {
            last[control.name] = index
        }
        return Set(last.values)
    }

    /// An image button sends where it was pressed.
    private static func coordinates(_ name: String) -> [Entry] {
        let prefix = name.isEmpty ? "" : "\(name)."
        return [Entry(name: "\(prefix)x", value: "0"), Entry(name: "\(prefix)y", value: "0")]
    }

    /// `dirname` asks for the direction of the text as well.
    private static func direction(of control: FormControl) -> [Entry] {
        guard let name = control.attributes["dirname"], !name.isEmpty,
            control.tag == "textarea" || (control.isTextField && control.type != "number") || control.type == "password"
                || control.type == "hidden"
        else { return [] }
        return [Entry(name: name, value: control.attributes["dir"]?.lowercased() == "rtl" ? "rtl" : "ltr")]
    }
}

extension FormControl {
    /// The values of the options that a browser shows as selected.
    var selectedValues: [String] {
        let selected = options.filter(\.isSelected)
        let shown: [Option]
        if attributes["multiple"] != nil {
            shown = selected
        } else if let last = selected.last {
            shown = [last]
        } else {
            let size = Int((attributes["size"] ?? "").trimmingSpaces) ?? 1
            shown = size > 1 ? [] : options.first { !$0.isDisabled }.map { [$0] } ?? []
        }
        return shown.filter { !$0.isDisabled }.map(\.submitted)
    }
}
