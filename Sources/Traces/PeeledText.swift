/// A text with some layers of escapes removed, which still knows where each byte came from.
///
/// A secret that was percent-encoded into a URL, that was escaped into a page, that was quoted into JSON, is found by
/// peeling layer after layer and looking at each; so no list of spellings has to be complete.
struct PeeledText {
    var bytes: [UInt8]
    /// Where each byte begins in the original text, and the end of it; nil: the text is the original.
    private var offsets: [Int32]?

    /// More layers than this are not peeled: the work stays linear whatever a server sends.
    static let maximumLayers = 8

    /// The text as it is written.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The place in the original text of a range of this one.
    func original(_ range: Range<Int>) -> Range<Int> {
        guard let offsets else { return range }
        return Int(offsets[range.lowerBound])..<Int(offsets[range.upperBound])
    }

    /// Calls `look` with the text as written and with each layer of escapes removed.
    static func forEachLayer(of bytes: [UInt8], _ look: (PeeledText) -> Void) {
        var layer = PeeledText(bytes)
        look(layer)
        for _ in 0..<maximumLayers {
            guard let next = layer.peeled() else { return }
            look(next)
            layer = next
        }
    }

    /// The text with every layer of escapes removed.
    static func core(of bytes: [UInt8]) -> [UInt8] {
        var core = bytes
        forEachLayer(of: bytes) { core = $0.bytes }
        return core
    }

    /// The text with one layer of escapes less; nil when there is none in it.
    private func peeled() -> PeeledText? {
        guard var index = bytes.firstIndex(where: Self.mayBegin) else { return nil }
        var out = Array(bytes[..<index])
        out.reserveCapacity(bytes.count)
        var places = [Int32]()
        places.reserveCapacity(bytes.count + 1)
        for place in 0..<index { places.append(origin(place)) }
        var changed = false
        while index < bytes.count {
            let escape = Self.mayBegin(bytes[index]) ? Escape(bytes, at: index) : nil
            let before = out.count
            if let escape { escape.append(to: &out) } else { out.append(bytes[index]) }
            for _ in before..<out.count { places.append(origin(index)) }
            index += escape?.length ?? 1
            if escape != nil { changed = true }
        }
        guard changed else { return nil }
        places.append(origin(bytes.count))
        var text = PeeledText(out)
        text.offsets = places
        return text
    }

    private func origin(_ index: Int) -> Int32 { offsets?[index] ?? Int32(index) }

    private static func mayBegin(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "\\") || byte == 0
    }
}
