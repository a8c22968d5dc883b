/// What the tokenizer hands out, one at a time.
enum HTMLToken {
    case startTag(StartTag)
    /// The name in lower case.
    case endTag(String)
    /// Bytes `range` of the page; `decodes` tells whether character references in it count.
    case text(Range<Int>, decodes: Bool)
    case end
}

/// A start tag with its attributes.
struct StartTag {
    /// In lower case.
    var name: String
    /// By name in lower case; of duplicates the first.
    var attributes: [String: String] = [:]
    var isSelfClosing = false

    /// The value of an attribute; nil when it is absent.
    subscript(name: String) -> String? { attributes[name] }

    /// Whether a boolean attribute is there.
    func has(_ name: String) -> Bool { attributes[name] != nil }
}
