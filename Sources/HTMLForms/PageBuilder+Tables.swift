extension PageBuilder {
    /// Whether what comes now stands in a table, but in none of its cells.
    var isInTable: Bool {
        guard let index = open.last(.tableMode) else { return false }
        return ["table", "tbody", "tfoot", "thead", "tr", "colgroup"].contains(open.elements[index].name)
    }

    /// A table or a part of one; false for anything else.
    mutating func startTablePart(_ tag: StartTag) -> Bool {
        switch tag.name {
        case "table": startTable()
        case "template": open.push(child("template", isAtHomeInTable: true))
        case "td", "th": startPart(tag.name, in: ["tr", "tbody", "tfoot", "thead", "table"])
        case "tr": startPart(tag.name, in: ["tbody", "tfoot", "thead", "table"])
        case "caption", "colgroup", "tbody", "tfoot", "thead": startPart(tag.name, in: ["table"])
        default: return false
        }
        return true
    }

    private mutating func startTable() {
        if isInTable, let index = open.last("table", in: .tableScope) { open.pop(through: index) }
        closeParagraph()
        var element = child("table")
        element.tableMark = order.insert(before: element.before)
        open.push(element)
    }

    /// Outside of a table its parts are passed over; inside, they close what cannot hold them.
    private mutating func startPart(_ name: String, in parents: Set<String>) {
        guard open.last(.tableMode) != nil else { return }
        while let current = open.current?.name, !parents.contains(current), current != "template" { open.pop() }
        open.push(child(name, isAtHomeInTable: true))
    }
}
