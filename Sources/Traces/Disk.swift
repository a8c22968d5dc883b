import Glibc

/// The system calls that fail when a disk is full or dies, so that tests can make them fail.
struct Disk: Sendable {
    /// write(2).
    var write: @Sendable (_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int = { Glibc.write($0, $1, $2) }
    /// fsync(2).
    var sync: @Sendable (_ file: Int32) -> Int32 = { fsync($0) }
    /// rename(2); without `replacing` it fails with EEXIST where a file of that name is.
    var rename: @Sendable (_ from: String, _ to: String, _ replacing: Bool) -> Int32 = Disk.rename
    /// Bytes that may still be written to the file system of a path; nil when it does not tell.
    var free: @Sendable (_ path: String) -> Int? = Disk.free

    /// A hard link never replaces a file; a crash before `unlink` leaves the whole file under both names.
    private static func rename(_ from: String, _ to: String, _ replacing: Bool) -> Int32 {
        if replacing { return Glibc.rename(from, to) }
        if link(from, to) == 0 { return unlink(from) }
        guard [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else { return -1 }
        // A file system without hard links: nobody else writes to this directory between the two calls.
        if access(to, F_OK) == 0 {
            errno = EEXIST
            return -1
        }
        return Glibc.rename(from, to)
    }

    private static func free(_ path: String) -> Int? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return Int(facts.f_bavail) * Int(facts.f_frsize)
    }
}
