/// What a value looks like, as far as that can be told without reading files: for the schema that editors use.
///
/// It never refuses what the decoder takes; a kind of value that says nothing of its shape may be anything.
package indirect enum ValueShape: Sendable, Hashable {
    case any
    /// Text on one line; the pattern is a regular expression of ECMA 262.
    case text(pattern: String? = nil)
    case integer(ClosedRange<Int>)
    case flag
    /// One of these; those that are digits may stand without quotes, too.
    case words([String])
    case list(ValueShape)
    /// A map of texts, with keys of any name.
    case texts
    /// A map of anything.
    case object
    /// A map with known keys.
    case section([KeyDescription])
    case either([ValueShape])

    /// The shape of a value that has these keys below it, or none, and says nothing else of itself.
    static func guess(_ keys: [KeyDescription]) -> ValueShape {
        keys.isEmpty ? .any : .either([.section(keys), .list(.section(keys))])
    }
}
