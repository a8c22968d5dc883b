extension Duration {
    /// The duration for people, in the two largest units that it fills: `45 s`, `12 min`, `3 h 5 min`, `4 d 2 h`.
    package var inWords: String {
        let seconds = Int64(max(0, self.seconds.rounded()))
        let units: [(name: String, length: Int64)] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)]
        guard let largest = units.firstIndex(where: { seconds >= $0.length }) else { return "0 s" }
        let first = "\(seconds / units[largest].length) \(units[largest].name)"
        guard largest + 1 < units.count, units[largest].name != "min" || seconds < 600 else { return first }
        let second = seconds % units[largest].length / units[largest + 1].length
        return second == 0 ? first : "\(first) \(second) \(units[largest + 1].name)"
    }
}
