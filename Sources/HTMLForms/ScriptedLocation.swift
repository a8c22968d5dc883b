/// Reads the one kind of script that can be followed without running it: one that does nothing but go to a literal
/// address.
enum ScriptedLocation {
    private enum Token: Equatable {
        case word(String)
        case text(String)
        case mark(Character)
    }

    /// The address of `location = "…"`, `location.href = "…"`, `location.replace("…")` and their like.
    ///
    /// - Returns: nil when the script does anything else besides.
    static func literal(_ script: String) -> String? {
        // A script that goes to an address is short; one that is long does more.
        guard script.utf8.count < 8192, let tokens = tokens(script) else { return nil }
        return address(unwrapped(tokens)[...])
    }

    /// `[window.]location[.href] = TEXT;` or `[window.]location.replace(TEXT);`
    private static func address(_ tokens: ArraySlice<Token>) -> String? {
        var rest = tokens
        while rest.last == .mark(";") { rest = rest.dropLast() }
        if case .word(let owner)? = rest.first, ["window", "document", "self", "top", "parent"].contains(owner) {
            guard rest.dropFirst().first == .mark(".") else { return nil }
            rest = rest.dropFirst(2)
        }
        guard rest.popFirst() == .word("location") else { return nil }
        let items = Array(rest)
        switch items.count {
        case 2 where items[0] == .mark("="): return text(items[1])
        case 4 where Array(items[..<3]) == [.mark("."), .word("href"), .mark("=")]: return text(items[3])
        case 5 where items[0] == .mark(".") && (items[1] == .word("replace") || items[1] == .word("assign")):
            return items[2] == .mark("(") && items[4] == .mark(")") ? text(items[3]) : nil
        default: return nil
        }
    }

    private static func text(_ token: Token) -> String? {
        if case .text(let text) = token { return text }
        return nil
    }

    /// Without a function around it that is called at once, on load, or after a while; and with the names of constant
    /// texts replaced by what they stand for.
    private static func unwrapped(_ tokens: [Token]) -> [Token] {
        let functions: [[Token]] = [
            [.word("function"), .mark("("), .mark(")"), .mark("{")],
            [.mark("("), .mark(")"), .mark("="), .mark(">"), .mark("{")],
        ]
        func listener(_ owner: String, _ event: String) -> [Token] {
            [.word(owner), .mark("."), .word("addEventListener"), .mark("("), .text(event), .mark(",")]
        }
        let heads: [[Token]] = [
            [.mark("(")], [.word("window"), .mark("."), .word("onload"), .mark("=")],
            [.word("setTimeout"), .mark("(")], [.word("window"), .mark("."), .word("setTimeout"), .mark("(")],
            listener("window", "load"), listener("document", "DOMContentLoaded"),
            listener("window", "DOMContentLoaded"),
        ]
        let wholes = heads.flatMap { head in functions.map { head + $0 } }
        guard let head = wholes.first(where: { tokens.starts(with: $0) }), let close = tokens.lastIndex(of: .mark("}")),
            close > head.count
        else { return resolved(tokens[...]) }
        return resolved(tokens[head.count..<close])
    }

    /// Without `var NAME = TEXT;` at its beginning, and with the text in place of the name.
    private static func resolved(_ tokens: ArraySlice<Token>) -> [Token] {
        var rest = tokens
        var texts: [String: String] = [:]
        while case .word(let kind)? = rest.first, ["var", "let", "const"].contains(kind) {
            let parts = Array(rest.prefix(5))
            guard parts.count == 5, case .word(let name) = parts[1], parts[2] == .mark("="),
                case .text(let text) = parts[3], parts[4] == .mark(";")
            else { break }
            texts[name] = text
            rest = rest.dropFirst(5)
        }
        return rest.map { token in
            if case .word(let name) = token, let text = texts[name] { return .text(text) }
            return token
        }
    }

    /// Words, texts and marks; nil for what is none of them, such as a text that never ends.
    private static func tokens(_ script: String) -> [Token]? {
        var found: [Token] = []
        var rest = Array(script.unicodeScalars)[...]
        while let scalar = rest.first {
            if scalar.properties.isWhitespace {
                rest = rest.dropFirst()
            } else if let comment = comment(rest) {
                rest = comment
            } else if "\"'`".unicodeScalars.contains(scalar) {
                guard let text = string(&rest) else { return nil }
                found.append(.text(text))
            } else if isWord(scalar) {
                let word = rest.prefix(while: isWord)
                found.append(.word(String(String.UnicodeScalarView(word))))
                rest = rest.dropFirst(word.count)
            } else {
                found.append(.mark(Character(scalar)))
                rest = rest.dropFirst()
            }
        }
        return found
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || (48...57).contains(scalar.value) || scalar == "_" || scalar == "$"
    }

    /// What follows the comment that begins here; nil when none does.
    private static func comment(_ rest: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar>? {
        let head = rest.prefix(2)
        if head.elementsEqual("/*".unicodeScalars) {
            var after = rest.dropFirst(2)
            while !after.isEmpty, !after.prefix(2).elementsEqual("*/".unicodeScalars) { after = after.dropFirst() }
            return after.dropFirst(2)
        }
        guard
            head.elementsEqual("//".unicodeScalars) || rest.prefix(4).elementsEqual("<!--".unicodeScalars)
                || rest.prefix(3).elementsEqual("-->".unicodeScalars)
        else { return nil }
        return rest.drop { $0 != "\n" }
    }

    /// A text in quotes, with its escapes resolved.
    private static func string(_ rest: inout ArraySlice<Unicode.Scalar>) -> String? {
        let quote = rest.popFirst()
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == quote { return String(text) }
            if scalar == "$", quote == "`", rest.first == "{" { return nil }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let escaped = escape(&rest) else { return nil }
            text.append(escaped)
        }
        return nil
    }

    private static func escape(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        guard let kind = rest.popFirst() else { return nil }
        guard kind == "x" || kind == "u" else { return kind == "n" ? "\n" : kind == "t" ? "\t" : kind }
        let digits = rest.prefix(kind == "x" ? 2 : 4)
        rest = rest.dropFirst(digits.count)
        return UInt32(String(String.UnicodeScalarView(digits)), radix: 16).flatMap(Unicode.Scalar.init)
    }
}
