extension PageBuilder {
    /// Whether what comes now is SVG or MathML.
    var isForeign: Bool {
        guard let index = open.last(.foreign) else { return false }
        return ["svg", "math"].contains(open.elements[index].name)
    }

    /// A start tag in SVG or MathML; false when it ends them and is HTML.
    mutating func startForeign(_ tag: StartTag) -> Bool {
        if Self.breakout.contains(tag.name)
            || (tag.name == "font" && (tag.has("color") || tag.has("face") || tag.has("size")))
        {
            while let name = open.current?.name, name == "svg" || name == "math" { open.pop() }
            return isForeign
        }
        guard !tag.isSelfClosing, let index = open.last(.foreign) else { return true }
        let name = tag.name == "svg" || tag.name == "math" ? tag.name : "\(open.elements[index].name):\(tag.name)"
        if ElementKind.of(name).contains(.foreign) { push(name) }
        return true
    }

    /// An end tag in SVG or MathML; false when HTML's rules are for it.
    mutating func endForeign(_ name: String) -> Bool {
        guard open.current?.kinds.contains(.foreign) == true else { return false }
        let candidates = [name, "svg:\(name)", "math:\(name)"].filter { ElementKind.of($0).contains(.foreign) }
        if let index = candidates.compactMap({ open.last($0) }).max() { open.pop(through: index) }
        return true
    }

    private static let breakout: Set<String> = [
        "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2",
        "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre",
        "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var",
    ]
}
