internal import CZlib

/// Compression in gzip's format.
///
/// Source: RFC 1952; zlib.h, `deflateInit2`, `inflateInit2`.
enum Gzip {
    /// Window bits for the largest window, and 16 for gzip's header and trailer.
    private static let format: Int32 = 15 + 16

    /// Whether the bytes begin as gzip's do.
    static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

    /// `bytes`, compressed; nil when zlib has no memory.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        let level: Int32 = 6
        let memory: Int32 = 8
        guard deflateInit2_(&stream, level, Z_DEFLATED, format, memory, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        let (out, status) = run(&stream, bytes, capacity: bound) { deflate($0, Z_FINISH) }
        return status == Z_STREAM_END ? out : nil
    }

    /// What the bytes stand for, or its beginning; nil when they are no gzip, or end too early for `limit` bytes.
    ///
    /// - Parameters:
    ///   - bytes: compressed bytes; when only a beginning is wanted, a beginning is enough.
    ///   - limit: bytes to return at most.
    static func expanded(_ bytes: [UInt8], limit: Int) -> (bytes: [UInt8], isWhole: Bool)? {
        var stream = z_stream()
        guard inflateInit2_(&stream, format, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        let (out, status) = run(&stream, bytes, capacity: limit) { inflate($0, Z_NO_FLUSH) }
        guard status == Z_STREAM_END || (status == Z_OK || status == Z_BUF_ERROR) && !out.isEmpty else { return nil }
        return (out, status == Z_STREAM_END)
    }

    private static func run(
        _ stream: inout z_stream, _ bytes: [UInt8], capacity: Int, _ step: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> ([UInt8], Int32) {
        var status = Z_OK
        let out = bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
                // zlib only reads here; its header lacks the const.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                status = step(&stream)
                count = output.count - Int(stream.avail_out)
            }
        }
        return (out, status)
    }
}
