import WatchCore

extension PageBuilder {
    /// One start tag.
    mutating func start(_ tag: StartTag) {
        if isForeign, startForeign(tag) { return }
        if !isInert {
            finds.see(tag)
            if tag.name != "form", let id = tag["id"], !id.isEmpty, formsByID[id] == nil {
                formsByID[id] = .some(nil)
            }
        }
        if startControl(tag) || startRawText(tag) || startTablePart(tag) { return }
        switch tag.name {
        case "form": startForm(tag)
        case "li": startItem(["li"], tag.name)
        case "dd", "dt": startItem(["dd", "dt"], tag.name)
        case "svg", "math": if !tag.isSelfClosing { push(tag.name) }
        case "fieldset": startFieldset(tag)
        case "legend": startLegend()
        case let name where Self.heads.contains(name) || Self.voids.contains(name): break
        case let name: startOther(name)
        }
    }

    private static let heads: Set<String> = ["html", "head", "body", "frameset", "frame"]
    private static let voids: Set<String> = [
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "image", "img", "keygen", "link", "meta", "param",
        "source", "track", "wbr",
    ]
    private static let closesParagraph: Set<String> = [
        "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset",
        "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "listing", "main",
        "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "ul",
    ]

    private mutating func startOther(_ name: String) {
        if Self.closesParagraph.contains(name) { closeParagraph() }
        if open.current?.kinds.contains(.heading) == true, ElementKind.of(name).contains(.heading) { open.pop() }
        push(name)
    }

    private mutating func startForm(_ tag: StartTag) {
        if isInert { return push("form") }
        guard formPointer == nil else { return }
        let index = forms.count
        forms.append(tag.attributes)
        if let id = tag["id"], !id.isEmpty, formsByID[id] == nil { formsByID[id] = .some(index) }
        formPointer = index
        if isInTable { return }  // Such a form is closed at once, and owns what follows all the same.
        closeParagraph()
        var element = child("form")
        element.form = index
        open.push(element)
    }

    private mutating func startItem(_ names: [String], _ name: String) {
        if let index = names.compactMap({ open.last($0, in: .itemBarrier) }).max() { open.pop(through: index) }
        closeParagraph()
        push(name)
    }

    private mutating func startFieldset(_ tag: StartTag) {
        closeParagraph()
        var element = child("fieldset")
        element.isDisabledOutside = element.isDisabled
        element.isDisabled = element.isDisabled || tag.has("disabled")
        open.push(element)
    }

    /// The first legend of a disabled fieldset is not disabled with it.
    private mutating func startLegend() {
        var element = child("legend")
        if let parent = open.current, parent.name == "fieldset", !parent.hasLegend {
            element.isDisabled = parent.isDisabledOutside
            open.markLegend()
        }
        open.push(element)
    }

    /// Elements whose content is text.
    private mutating func startRawText(_ tag: StartTag) -> Bool {
        switch tag.name {
        case "title":
            let text = rawText("title")
            if finds.title == nil, !isInert { finds.title = text }
        case "script":
            let text = rawText("script")
            if !isInert, tag["src"] == nil { finds.scripts.append(text) }
        case "style", "xmp", "iframe", "noembed", "noframes": _ = rawText(tag.name)
        case "noscript":
            if isScripting { _ = rawText("noscript") } else { push("noscript") }
        case "plaintext": _ = tokenizer.rest()
        default: return false
        }
        return true
    }
}
