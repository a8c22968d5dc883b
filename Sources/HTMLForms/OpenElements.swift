/// The stack of open elements, with every question about it answered in constant time.
///
/// Beside the stack stands, for each name and each kind, where such elements are on it. So a page of nested elements
/// costs no walk up the stack, and nothing here recurses.
///
/// Source: HTML §13.2.4.2.
struct OpenElements {
    /// One open element and what its descendants inherit from it.
    struct Element {
        let name: String
        let kinds: ElementKind
        /// Index of the nearest form at or above it.
        var form: Int?
        /// Whether a fieldset disables the controls in it.
        var isDisabled = false
        /// Whether an option group disables the options in it.
        var isGroupDisabled = false
        /// The mark that what is put here goes in front of; nil: at the end of the page so far.
        var before: Int?
        /// The mark of a table, in front of which stands what may not stand in it.
        var tableMark: Int?
        /// Of a fieldset: whether it is disabled from outside, and whether it has had its legend.
        var isDisabledOutside = false
        var hasLegend = false
        /// Of a button, select or option: its control.
        var control: Int?
        /// Taken off the stack in the middle of it.
        var isGone = false

        init(_ name: String) {
            self.name = name
            kinds = ElementKind.of(name)
        }
    }

    /// From the outermost to the current one.
    private(set) var elements: [Element] = []
    private var byName: [String: [Int]] = [:]
    private var byKind: [[Int]] = Array(repeating: [], count: ElementKind.count)
    /// Elements pushed and popped, for the tests of linearity.
    private(set) var steps = 0

    var current: Element? { elements.last }

    mutating func push(_ element: Element) {
        byName[element.name, default: []].append(elements.count)
        for index in element.kinds.indices {
            byKind[index].append(elements.count)
        }
        elements.append(element)
        steps += 1
    }

    mutating func pop() {
        repeat {
            guard let element = elements.popLast() else { return }
            steps += 1
            if !element.isGone { forget(element, at: elements.count) }
        } while elements.last?.isGone == true
    }

    /// Pops until the element at `index` is gone.
    mutating func pop(through index: Int) {
        while elements.count > index { pop() }
    }

    /// Takes one element out of the middle; what is in it stays.
    mutating func remove(at index: Int) {
        if index == elements.count - 1 { return pop() }
        forget(elements[index], at: index)
        elements[index].isGone = true
    }

    mutating func markLegend() {
        if !elements.isEmpty { elements[elements.count - 1].hasLegend = true }
    }

    /// Where the innermost element of that name is; nil when none is open.
    func last(_ name: String) -> Int? { byName[name]?.last }

    /// Where the innermost element of that kind is.
    func last(_ kind: ElementKind) -> Int? { byKind[kind.index].last }

    /// Where the innermost element of that name is, unless something of `barrier` stands inside it.
    func last(_ name: String, in barrier: ElementKind) -> Int? {
        guard let index = last(name) else { return nil }
        return index >= last(barrier) ?? -1 ? index : nil
    }

    /// Whether an element of that name is open anywhere.
    func contains(_ name: String) -> Bool { last(name) != nil }

    private mutating func forget(_ element: Element, at index: Int) {
        byName[element.name]?.removeNearEnd(index)
        for kind in element.kinds.indices { byKind[kind].removeNearEnd(index) }
    }
}

extension [Int] {
    /// Removes a number, looking for it from the end.
    fileprivate mutating func removeNearEnd(_ number: Int) {
        if let index = lastIndex(of: number) { remove(at: index) }
    }
}
