/// What an element's name means to the tree construction.
///
/// Source: HTML §13.2.4.2 (special, scopes), §13.2.6.5 (foreign content).
struct ElementKind: OptionSet {
    let rawValue: UInt16

    /// Ends the search of an end tag that matches nothing nearer.
    static let special = ElementKind(rawValue: 1)
    /// Ends a scope.
    static let scope = ElementKind(rawValue: 2)
    /// Ends a button scope: a scope, or a button.
    static let buttonScope = ElementKind(rawValue: 4)
    /// Ends a list item scope: a scope, or a list.
    static let listScope = ElementKind(rawValue: 8)
    /// Ends a table scope.
    static let tableScope = ElementKind(rawValue: 16)
    /// A list item is not looked for outside of it.
    static let itemBarrier = ElementKind(rawValue: 32)
    /// A table, a part of it, a cell or a template: says what an element of a table means here.
    static let tableMode = ElementKind(rawValue: 64)
    /// SVG, MathML, or a place in them where HTML stands again.
    static let foreign = ElementKind(rawValue: 128)
    static let heading = ElementKind(rawValue: 256)

    /// How many kinds there are.
    static let count = 9

    /// Of one kind alone.
    var index: Int { rawValue.trailingZeroBitCount }

    /// The index of each kind that is in it.
    var indices: some Sequence<Int> {
        (0..<Self.count).lazy.filter { rawValue & 1 << $0 != 0 }
    }

    /// The kinds of an element; none for one that is ordinary.
    static func of(_ name: String) -> ElementKind { table[name] ?? [] }

    private static let table: [String: ElementKind] = {
        var table: [String: ElementKind] = [:]
        func add(_ kind: ElementKind, _ names: String) {
            for name in names.split(separator: " ") { table[String(name), default: []].formUnion(kind) }
        }
        let scopes = "applet caption table td th marquee object template select"
        let integration = "svg:foreignobject svg:desc svg:title math:mi math:mo math:mn math:ms math:mtext"
        let blocks =
            """
            article aside blockquote button center dd details dir dl dt fieldset figcaption figure footer form \
            h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol pre search section summary tbody tfoot \
            thead tr ul
            """
        add(.special, "address div p \(scopes) \(integration) \(blocks)")
        add([.scope, .buttonScope, .listScope], "\(scopes) \(integration)")
        add(.buttonScope, "button")
        add(.listScope, "ol ul")
        add(.tableScope, "table template")
        add(.itemBarrier, "\(scopes) \(integration) \(blocks)")
        add(.tableMode, "table tbody tfoot thead tr td th caption colgroup template")
        add(.foreign, "svg math \(integration)")
        add(.heading, "h1 h2 h3 h4 h5 h6")
        return table
    }()
}
