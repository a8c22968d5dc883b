/// One way in which a secret may be spelled once all escapes are peeled off a text. It is found by a pattern.
struct SecretForm: Sendable {
    /// What stands in its place.
    var label: String
    var isPassword: Bool
    /// A short secret counts only where no letter or digit touches it: "test" stays in "latest".
    var isWholeWord = false
    /// A Base64 character beside the pattern holds some of the secret's bits.
    var sharesBefore = false
    var sharesAfter = false
    /// The secret goes on beyond the pattern: the characters of a token that follow belong to it.
    var isPrefix = false

    /// The range to remove where the pattern stands at `range` of `text`; nil when it is part of a longer word.
    func extent(_ range: Range<Int>, in text: [UInt8]) -> Range<Int>? {
        var (start, end) = (range.lowerBound, range.upperBound)
        let before = start > 0 ? text[start - 1] : 0
        let after = end < text.count ? text[end] : 0
        if isWholeWord, before.isWordCharacter || after.isWordCharacter { return nil }
        if sharesBefore, before.isTokenCharacter { start -= 1 }
        if sharesAfter, after.isTokenCharacter { end += 1 }
        if isPrefix { end = text[end...].firstIndex { !$0.isTokenCharacter } ?? text.count }
        return start..<end
    }
}
