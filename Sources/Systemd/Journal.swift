import CSystemd
import Glibc

/// The journal of systemd, with fields besides the message.
package enum Journal {
    /// One field of an entry.
    package struct Field: Sendable, Hashable {
        /// Upper-case ASCII letters, digits and underscores.
        package var name: String
        package var value: String

        /// A field.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Whether standard error is connected to the journal.
    ///
    /// Source: systemd.exec(5), `JOURNAL_STREAM`: device and inode of the stream, in decimal.
    package static var takesStandardError: Bool {
        guard let variable = getenv("JOURNAL_STREAM") else { return false }
        var status = stat()
        guard fstat(STDERR_FILENO, &status) == 0 else { return false }
        return String(cString: variable) == "\(status.st_dev):\(status.st_ino)"
    }

    /// Adds an entry.
    ///
    /// - Parameter fields: `MESSAGE` among them.
    /// - Throws: `SystemdError` when the journal does not take it.
    ///
    /// Source: sd_journal_sendv(3).
    package static func send(_ fields: [Field]) throws(SystemdError) {
        var texts = fields.map { Array("\($0.name)=\($0.value)".utf8) }
        let status = withBuffers(&texts[...], []) { sd_journal_sendv($0, Int32($0.count)) }
        guard status >= 0 else { throw SystemdError(operation: "sd_journal_sendv", code: -status) }
    }

    /// Calls `body` with all texts at once, each where it lies.
    private static func withBuffers(
        _ texts: inout ArraySlice<[UInt8]>, _ before: [iovec], _ body: ([iovec]) -> Int32
    ) -> Int32 {
        guard var first = texts.popFirst() else { return body(before) }
        return first.withUnsafeMutableBytes { bytes in
            withBuffers(&texts, before + [iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)], body)
        }
    }
}
