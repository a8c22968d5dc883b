extension PageBuilder {
    /// One end tag.
    mutating func end(_ name: String) {
        if endForeign(name) { return }
        switch name {
        case "p": closeParagraph()
        case "form": endForm()
        case "html", "body", "head", "br": break
        case "li": pop(open.last("li", in: .listScope))
        case "table", "caption", "colgroup", "tbody", "tfoot", "thead", "tr", "td", "th":
            pop(open.last(name, in: .tableScope))
        case "template": pop(open.last("template"))
        case "h1", "h2", "h3", "h4", "h5", "h6":
            if let index = open.last(.heading), index > open.last(.scope) ?? -1 { open.pop(through: index) }
        case let name where ElementKind.of(name).contains(.special): pop(open.last(name, in: .scope))
        case let name where Self.formatting.contains(name): endFormatting(name)
        default:
            if let index = open.last(name), index > open.last(.special) ?? -1 { open.pop(through: index) }
        }
    }

    private static let formatting: Set<String> = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
    ]

    private mutating func pop(_ index: Int?) {
        if let index { open.pop(through: index) }
    }

    /// The form is taken off the stack; what was opened in it and is still open stays in it.
    private mutating func endForm() {
        guard !isInert else { return pop(open.last("form", in: .scope)) }
        guard formPointer != nil else { return }
        formPointer = nil
        guard open.last("form", in: .scope) != nil else { return }
        impliedEndTags()
        if let index = open.last("form") { open.remove(at: index) }
    }

    /// A block inside a formatting element outlives it.
    private mutating func endFormatting(_ name: String) {
        guard let index = open.last(name, in: .scope) else { return }
        if index > open.last(.special) ?? -1 { open.pop(through: index) } else { open.remove(at: index) }
    }
}
