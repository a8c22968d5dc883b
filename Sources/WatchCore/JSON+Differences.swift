extension JSON {
    /// What changed from one value to another: a line for each place, `scopes_supported: -admin +write`.
    ///
    /// Lists of plain values are compared as sets, lists of objects with names by these names; the order of members
    /// never matters.
    ///
    /// - Parameters:
    ///   - old: the value before.
    ///   - new: the value now.
    ///   - path: what stands before each place: `metadata`.
    /// - Returns: lines in the order of the old value, additions last; empty when nothing changed.
    package static func differences(from old: JSON, to new: JSON, at path: String = "") -> [String] {
        if old == new { return [] }
        switch (old, new) {
        case (.object(let before), .object(let after)): return members(before, after, path)
        case (.array(let before), .array(let after)): return elements(before, after, path)
        default:
            // A string that looks like the number it replaces is told apart by its quotes.
            let isSameText = old.brief == new.brief
            let (a, b) = isSameText ? (old.text(), new.text()) : (old.brief, new.brief)
            return ["\(path.isEmpty ? "value" : path): -\(a) +\(b)"]
        }
    }

    private static func members(_ old: [Member], _ new: [Member], _ path: String) -> [String] {
        let (before, after) = (index(old), index(new))
        var seen: Set<String> = []
        return (old + new).map(\.name).filter { seen.insert($0).inserted }.flatMap { name -> [String] in
            let place = path.isEmpty ? name : "\(path).\(name)"
            switch (before[name], after[name]) {
            case (let a?, let b?): return differences(from: a, to: b, at: place)
            case (let a?, nil): return ["\(place): -\(a.brief) (gone)"]
            case (nil, let b?): return ["\(place): +\(b.brief) (new)"]
            case (nil, nil): return []
            }
        }
    }

    private static func index(_ members: [Member]) -> [String: JSON] {
        Dictionary(members.map { ($0.name, $0.value) }) { $1 }
    }

    private static func elements(_ old: [JSON], _ new: [JSON], _ path: String) -> [String] {
        let all = old + new
        if all.allSatisfy(\.isPlain) {
            let gone = old.filter { !new.contains($0) }.map { "-\($0.brief)" }
            let added = new.filter { !old.contains($0) }.map { "+\($0.brief)" }
            let place = path.isEmpty ? "" : "\(path): "
            return gone.isEmpty && added.isEmpty ? [] : ["\(place)\((gone + added).joined(separator: " "))"]
        }
        let names = all.compactMap { $0["name"]?.string }
        if names.count == all.count { return members(named(old), named(new), path) }
        let count = old.count == new.count ? [] : ["\(path): \(new.count) elements, were \(old.count)"]
        return count
            + zip(old, new).enumerated().flatMap { index, pair in
                differences(from: pair.0, to: pair.1, at: "\(path)[\(index)]")
            }
    }

    private static func named(_ elements: [JSON]) -> [Member] {
        elements.map { Member($0["name"]?.string ?? "", $0) }
    }

    private var isPlain: Bool { members == nil && array == nil }

    /// The value on one short line, strings without quotes.
    package var brief: String {
        let text = (string ?? self.text()).split(whereSeparator: \.isNewline).joined(separator: " ")
        return text.count > 160 ? "\(text.prefix(157))..." : text
    }
}
