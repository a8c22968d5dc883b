/// The order of the document, in which a control can also be put in front of a table that was met before it.
struct DocumentOrder {
    private var following: [Int] = [0]
    private var preceding: [Int] = [0]

    /// Adds a mark, in front of another one or at the end.
    ///
    /// - Returns: the new mark.
    mutating func insert(before mark: Int? = nil) -> Int {
        let next = mark ?? 0
        let new = following.count
        let previous = preceding[next]
        following.append(next)
        preceding.append(previous)
        following[previous] = new
        preceding[next] = new
        return new
    }

    /// For every mark, how many stand in front of it.
    func ranks() -> [Int] {
        var ranks = Array(repeating: 0, count: following.count)
        var mark = following[0]
        var rank = 0
        while mark != 0 {
            ranks[mark] = rank
            rank += 1
            mark = following[mark]
        }
        return ranks
    }
}
