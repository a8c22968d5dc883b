import Glibc

/// The pages of program text that were read while the daemon started.
enum StartupPages {
    /// Takes the text of the program and its libraries out of this process's memory. What is needed from now on comes
    /// back from the page cache at its first use; what only the loader, the libraries' constructors and the reading of
    /// the configuration needed does not, and for a process that waits for weeks that is a large part.
    ///
    /// Source: madvise(2), MADV_DONTNEED.
    static func giveBack() {
        for range in text(in: maps()) {
            guard let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { continue }
            madvise(start, range.count, MADV_DONTNEED)
        }
    }

    /// Where text of files is mapped. It is never written to, so it can be read again; what was written to after it was
    /// mapped, as the loader does with tables, would be lost.
    ///
    /// - Parameter maps: the text of `/proc/self/maps`.
    ///
    /// Source: proc_pid_maps(5).
    static func text(in maps: String) -> [Range<UInt>] {
        maps.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].utf8.first == UInt8(ascii: "/") else { return nil }
            let ends = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
            return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
        }
    }

    private static func maps() -> String {
        guard let file = fopen("/proc/self/maps", "re") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
