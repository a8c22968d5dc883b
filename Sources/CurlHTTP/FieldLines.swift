import CCurl

/// The header fields of one request as libcurl takes them: a list of lines, in memory that serves request after request.
///
/// libcurl only points to it, so it must outlive the transfer. Only the driver's thread touches it.
final class FieldLines {
    private var text: UnsafeMutableBufferPointer<CChar> = .allocate(capacity: 1_024)
    private var nodes: UnsafeMutableBufferPointer<curl_slist> = .allocate(capacity: 16)
    private var length = 0
    private var count = 0

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    func removeAll() { (length, count) = (0, 0) }

    /// Adds `name`, what stands between, and `value`.
    func add(_ name: String, _ separator: StaticString = "", _ value: String = "") {
        makeRoom(for: name.utf8.count + separator.utf8CodeUnitCount + value.utf8.count + 1)
        let start = length
        append(name)
        separator.withUTF8Buffer { append($0) }
        append(value)
        text.initializeElement(at: length, to: 0)
        length += 1
        nodes.initializeElement(at: count, to: curl_slist(data: text.baseAddress.map { $0 + start }, next: nil))
        count += 1
    }

    /// The list, valid until it is changed; nil when it is empty.
    var head: UnsafeMutablePointer<curl_slist>? {
        guard count > 0, let first = nodes.baseAddress else { return nil }
        for index in 1..<max(count, 1) { nodes[index - 1].next = first + index }
        nodes[count - 1].next = nil
        return first
    }

    private func append(_ string: String) {
        var string = string
        string.withUTF8 { append($0) }
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let target = text.baseAddress, let source = bytes.baseAddress else { return }
        UnsafeMutableRawPointer(target + length).copyMemory(from: source, byteCount: bytes.count)
        length += bytes.count
    }

    private func makeRoom(for bytes: Int) {
        if length + bytes > text.count { moveText(to: .allocate(capacity: max(2 * text.count, length + bytes))) }
        if count < nodes.count { return }
        let larger = UnsafeMutableBufferPointer<curl_slist>.allocate(capacity: 2 * nodes.count)
        _ = larger.moveInitialize(fromContentsOf: nodes)
        nodes.deallocate()
        nodes = larger
    }

    private func moveText(to larger: UnsafeMutableBufferPointer<CChar>) {
        _ = larger.moveInitialize(fromContentsOf: text.extracting(..<length))
        if let old = text.baseAddress, let new = larger.baseAddress {
            for index in 0..<count { nodes[index].data = nodes[index].data.map { new + ($0 - old) } }
        }
        text.deallocate()
        text = larger
    }
}
