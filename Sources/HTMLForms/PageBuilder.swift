import WatchCore

/// Reads a page's tokens and keeps what matters for logging in: forms, controls and who owns them, links, scripts.
///
/// It builds no tree. The stack of open elements, with what each inherits, answers what a tree would.
///
/// Source: HTML §13.2.6 (tree construction), §4.10.17.3 (form owners).
struct PageBuilder {
    var tokenizer: HTMLTokenizer
    var open = OpenElements()
    var order = DocumentOrder()
    /// Whether `noscript` is passed over, as by a browser that runs scripts.
    let isScripting: Bool
    /// The form that a start tag opened and no end tag has closed.
    var formPointer: Int?
    var forms: [[String: String]] = []
    var controls: [PlacedControl] = []
    /// For each id, the form that bears it first, or nil when the first bearer is no form.
    var formsByID: [String: Int?] = [:]
    var finds = PageFinds()

    /// A control, its owner and its place in the document.
    struct PlacedControl {
        var control: FormControl
        var form: Int?
        var mark: Int
    }

    /// Reads a page to its end.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 with `\n` line ends.
    ///   - isScripting: whether `noscript` is passed over.
    init(_ bytes: [UInt8], isScripting: Bool) {
        tokenizer = HTMLTokenizer(bytes)
        self.isScripting = isScripting
        var isAtEnd = false
        while !isAtEnd {
            switch tokenizer.next() {
            case .startTag(let tag): start(tag)
            case .endTag(let name): end(name)
            case .text(let range, let decodes): text(range, decodes: decodes)
            case .end: isAtEnd = true
            }
            tokenizer.allowsCDATA = isForeign
        }
    }

    /// Work done so far, for the tests of linearity.
    var steps: Int { tokenizer.steps + open.steps }

    /// What is inside a template is not part of the page.
    var isInert: Bool { open.contains("template") }

    /// The forms with their controls in the order of the document.
    func ownedForms() -> [HTMLForm] {
        let ranks = order.ranks()
        var built = forms.enumerated().map { HTMLForm(index: $0.offset, attributes: $0.element) }
        for placed in controls.sorted(by: { ranks[$0.mark] < ranks[$1.mark] }) {
            if let form = owner(of: placed) { built[form].controls.append(placed.control) }
        }
        return built
    }

    private func owner(of placed: PlacedControl) -> Int? {
        guard let id = placed.control.attributes["form"] else { return placed.form }
        return formsByID[id] ?? nil
    }

    /// What an element put here inherits.
    ///
    /// - Parameter isAtHomeInTable: whether a table or a row may hold it; what it may not hold goes in front of it.
    func child(_ name: String, isAtHomeInTable: Bool = false) -> OpenElements.Element {
        var element = OpenElements.Element(name)
        guard let parent = open.current else { return element }
        element.form = parent.form
        element.isDisabled = parent.isDisabled
        element.isGroupDisabled = parent.isGroupDisabled
        element.before = parent.before
        if !isAtHomeInTable, ["table", "tbody", "tfoot", "thead", "tr"].contains(parent.name) {
            element.before = open.last("table").flatMap { open.elements[$0].tableMark } ?? parent.before
        }
        return element
    }

    mutating func push(_ name: String) {
        open.push(child(name))
    }

    /// Adds a control here and returns its number, or nil inside a template.
    mutating func addControl(_ tag: StartTag, text: String = "", isAtHomeInTable: Bool = false) -> Int? {
        guard !isInert else { return nil }
        let place = child(tag.name, isAtHomeInTable: isAtHomeInTable)
        var control = FormControl(tag: tag.name, attributes: tag.attributes, text: text)
        control.isDisabled = place.isDisabled || tag.has("disabled")
        controls.append(
            PlacedControl(control: control, form: formPointer ?? place.form, mark: order.insert(before: place.before)))
        return controls.count - 1
    }

    /// Pops elements whose end tags may be left out.
    mutating func impliedEndTags(except kept: String = "") {
        while let name = open.current?.name, name != kept,
            ["dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc"].contains(name)
        {
            open.pop()
        }
    }

    mutating func closeParagraph() {
        if let index = open.last("p", in: .buttonScope) { open.pop(through: index) }
    }

    private mutating func text(_ range: Range<Int>, decodes: Bool) {
        guard !isInert else { return }
        let option = open.last("option").flatMap { open.elements[$0].control }
        let button = open.last("button").flatMap { open.elements[$0].control }
        guard option != nil || button != nil else {
            finds.visibleBytes += tokenizer.bytes[range].count { !$0.isHTMLSpace }
            return
        }
        let text = string(range, decodes: decodes)
        if let option {
            let last = controls[option].control.options.count - 1
            controls[option].control.options[last].text += text
        } else if let button {
            controls[button].control.text += text
        }
    }

    func string(_ range: Range<Int>, decodes: Bool) -> String {
        decodes
            ? CharacterReference.decode(tokenizer.bytes[range], inAttribute: false)
            : String(decoding: tokenizer.bytes[range], as: UTF8.self)
    }

    /// The text of an element that holds no tags; its end tag is read too.
    mutating func rawText(_ name: String) -> String {
        let token =
            name == "script"
            ? tokenizer.scriptText() : tokenizer.rawText(until: name, decodes: name == "textarea" || name == "title")
        guard case .text(let range, let decodes) = token else { return "" }
        return string(range, decodes: decodes)
    }
}
