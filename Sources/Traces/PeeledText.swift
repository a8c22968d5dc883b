/// A text with some layers of escapes removed, which still knows where each byte came from.
///
/// A secret that was percent-encoded into a URL, that was escaped into a page, that was quoted into JSON, is found by
/// peeling layer after layer and looking at each; so no list of spellings has to be complete.
struct PeeledText {
    var bytes: [UInt8]
    /// For each layer that was removed, outermost first.
    private var layers: [Layer] = []

    /// What one layer took away.
    private struct Layer {
        /// An escape of the text above, and what it became here. They come in order.
        struct Change {
            var above: Range<Int>
            var here: Range<Int>
        }
        var changes: [Change] = []

        /// Where a byte of this layer begins in the text above.
        func start(_ index: Int) -> Int {
            guard let change = lastChange(before: index + 1) else { return index }
            return index < change.here.upperBound
                ? change.above.lowerBound : change.above.upperBound + index - change.here.upperBound
        }

        /// Where, in the text above, the byte ends that is the last before `index`.
        func end(_ index: Int) -> Int {
            guard let change = lastChange(before: index) else { return index }
            return change.above.upperBound + max(0, index - change.here.upperBound)
        }

        /// The last change that begins before `index`.
        private func lastChange(before index: Int) -> Change? {
            var (low, high) = (0, changes.count)
            while low < high {
                let middle = (low + high) / 2
                if changes[middle].here.lowerBound < index { low = middle + 1 } else { high = middle }
            }
            return low > 0 ? changes[low - 1] : nil
        }
    }

    /// More layers than this are not peeled: the work stays linear whatever a server sends.
    static let maximumLayers = 8

    /// The text as it is written.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The place in the original text of a range of this one, which is not empty.
    func original(_ range: Range<Int>) -> Range<Int> {
        layers.reversed().reduce(range) { $1.start($0.lowerBound)..<$1.end($0.upperBound) }
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
        guard bytes.contains(where: mayBegin) else { return bytes }
        var core = bytes
        forEachLayer(of: bytes) { core = $0.bytes }
        return core
    }

    /// The text with one layer of escapes less; nil when there is none in it.
    private func peeled() -> PeeledText? {
        var layer = Layer()
        var out: [UInt8] = []
        var (index, copied) = (0, 0)
        while let next = nextEscape(from: index) {
            guard let escape = Escape(bytes, at: next) else {
                index = next + 1
                continue
            }
            index = next
            out += bytes[copied..<index]
            let start = out.count
            escape.append(to: &out)
            layer.changes.append(Layer.Change(above: index..<index + escape.length, here: start..<out.count))
            index += escape.length
            copied = index
        }
        guard !layer.changes.isEmpty else { return nil }
        var text = PeeledText(out + bytes[copied...])
        text.layers = layers + [layer]
        return text
    }

    /// Where the next escape may begin.
    private func nextEscape(from index: Int) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in bytes[index...].firstIndex(where: Self.mayBegin) }
    }

    /// Whether an escape may begin with a byte.
    private static func mayBegin(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "\\") || byte == 0
    }
}
