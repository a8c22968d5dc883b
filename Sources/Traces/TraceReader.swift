import Glibc
import JSONReader
package import WatchCore

/// Reads traces back, compressed or not.
package enum TraceReader {
    /// Larger traces are not read: 64 MiB.
    static let limit = 64 << 20

    /// The trace in a file.
    ///
    /// - Parameter path: a `.json` or `.json.gz` file; its first bytes tell which it is.
    /// - Throws: `TraceFailure` when it cannot be read, is too large, is cut off, or is no JSON.
    package static func read(_ path: String) throws(TraceFailure) -> JSON {
        let stored = try bytes(path, limit: limit)
        var text = stored
        if Gzip.isCompressed(stored) {
            guard let (expanded, isWhole) = Gzip.expanded(stored, limit: limit), isWhole else {
                throw TraceFailure("expand", path, reason: "damaged, cut off, or larger than \(limit >> 20) MiB")
            }
            text = expanded
        }
        do throws(JSONError) {
            return try JSON(parsing: text)
        } catch {
            throw TraceFailure("parse", path, reason: error.description)
        }
    }

    /// Verdict and kind of a trace, from the first bytes of its file; nil when they hold no verdict. Traces of earlier
    /// versions tell their kind too late for that.
    static func head(_ path: String) -> (verdict: Verdict, kind: RunKind?)? {
        guard var head = try? bytes(path, limit: 512) else { return nil }
        if Gzip.isCompressed(head) { head = Gzip.expanded(head, limit: 256)?.bytes ?? [] }
        let text = String(decoding: head, as: UTF8.self)
        let parts = text.split(separator: "\"", maxSplits: 10, omittingEmptySubsequences: false)
        guard parts.count >= 7, parts[1] == "metadata", parts[3] == "verdict",
            let verdict = Verdict(rawValue: String(parts[5]))
        else { return nil }
        let isTold = parts.count >= 10 && parts[7] == "kind"
        return (verdict, isTold ? RunKind(rawValue: String(parts[9])) : nil)
    }

    /// The first bytes of a file, `limit` at most.
    static func bytes(_ path: String, limit: Int) throws(TraceFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw TraceFailure("open", path, errno: errno) }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw TraceFailure("read", path, errno: errno) }
        var bytes = [UInt8](repeating: 0, count: min(limit, Int(facts.st_size)))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { Glibc.read(file, $0 + filled, buffer.count - filled) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw TraceFailure("read", path, errno: errno) }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }
}
