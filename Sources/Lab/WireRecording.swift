import Glibc
import WatchCore

/// A file that gets each request with its answer as one line of JSON. It holds what they held, secrets too: mode 0600.
package final class WireRecording: Sendable {
    private let descriptor: Int32

    /// Opens a file to append to; it is made when it is not there.
    ///
    /// - Throws: `system`.
    package init(path: String) throws(LabError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last("open \(path)") }
    }

    deinit { close(descriptor) }

    /// Appends one request; a line that cannot be written is said on standard error.
    package func append(_ request: RecordedRequest) {
        let line = request.json.bytes() + [UInt8(ascii: "\n")]
        // One write on an O_APPEND file, so that lines of several threads do not mix.
        guard write(descriptor, line, line.count) == line.count else {
            return StandardStream.error.print("\(LabError.last("write recording"))")
        }
    }
}
