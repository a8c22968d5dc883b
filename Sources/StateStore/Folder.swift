import Glibc

/// A directory held open, and the files in it. Every call blocks.
final class Folder: Sendable {
    let path: String
    private let descriptor: Int32

    static let temporarySuffix = ".tmp"

    /// Opens a directory; makes it, with mode 0700, when it is not there. A link is followed: systemd makes one for
    /// `StateDirectory=` with `DynamicUser=`.
    init(_ path: String) throws(StateStoreError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system("mkdir", path) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens a directory in `parent`, no link, and closes it to group and others.
    init(_ name: String, in parent: Folder) throws(StateStoreError) {
        let path = parent.path(of: name)
        guard mkdirat(parent.descriptor, name, 0o700) == 0 || errno == EEXIST else { throw .system("mkdir", path) }
        let descriptor = openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        self.path = path
        self.descriptor = descriptor
        guard fchmod(descriptor, 0o700) == 0 else { throw .system("chmod 0700", path) }
    }

    deinit { close(descriptor) }

    func path(of name: String) -> String { "\(path)/\(name)" }

    /// Opens a file in the directory, no link; a new one has mode 0600.
    func openFile(_ name: String, _ flags: Int32) throws(StateStoreError) -> FileDescriptor {
        // A pipe of that name must not hang us.
        let file = openat(descriptor, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("open", path(of: name)) }
        return FileDescriptor(file, path: path(of: name))
    }

    /// Which file has this name now; nil when none has.
    ///
    /// Source: fstatat(2).
    func identity(of name: String) throws(StateStoreError) -> FileDescriptor.Identity? {
        var facts = stat()
        if fstatat(descriptor, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 { return FileDescriptor.Identity(facts) }
        guard errno == ENOENT else { throw .system("stat", path(of: name)) }
        return nil
    }

    /// The bytes of a file; nil when there is none.
    func contents(of name: String) throws(StateStoreError) -> [UInt8]? {
        do {
            return try openFile(name, O_RDONLY).readAll()
        } catch {
            guard error.code == .system(errno: ENOENT) else { throw error }
            return nil
        }
    }

    /// Gives a file this content, all or nothing, and waits until it is on the disk.
    ///
    /// Source: rename(2), fsync(2).
    func replace(_ name: String, with bytes: [UInt8]) throws(StateStoreError) {
        let temporary = name + Self.temporarySuffix
        do {
            let file = try openFile(temporary, O_WRONLY | O_CREAT | O_TRUNC)
            try file.overwrite(bytes)
            try file.synchronize()
            try rename(temporary, to: name)
        } catch {
            unlinkat(descriptor, temporary, 0)
            throw error
        }
    }

    /// Gives a file this content, in place. What cuts it off leaves the file half overwritten.
    ///
    /// Source: fdatasync(2): the blocks are there already, as a rule, so nothing but they is written.
    ///
    /// - Parameters:
    ///   - file: as `openFile` gave it, open for writing.
    ///   - isSynced: whether to wait until the content is on the disk.
    func overwrite(_ file: FileDescriptor, with bytes: [UInt8], isSynced: Bool) throws(StateStoreError) {
        let size = try file.facts.size
        // A file that holds something has its name on the disk.
        if size == 0 { try synchronize() }
        try file.overwrite(bytes)
        if size > bytes.count { try file.truncate(to: bytes.count) }
        if isSynced { try file.synchronizeData() }
    }

    /// Renames a file, over another one too, and waits until the new name is on the disk.
    func rename(_ name: String, to newName: String) throws(StateStoreError) {
        guard renameat(descriptor, name, descriptor, newName) == 0 else { throw .system("rename", path(of: name)) }
        try synchronize()
    }

    /// Removes files and waits until they are gone from the disk.
    func remove(_ names: [String]) throws(StateStoreError) {
        guard !names.isEmpty else { return }
        for name in names {
            guard unlinkat(descriptor, name, 0) == 0 else { throw .system("unlink", path(of: name)) }
        }
        try synchronize()
    }

    /// The names of everything in the directory, sorted.
    func names() throws(StateStoreError) -> [String] {
        // Opened anew: a copied descriptor would share its reading position with earlier listings.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw .system("read directory", path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    private func synchronize() throws(StateStoreError) {
        guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
    }
}
