import Glibc
import WatchCore

/// The two files that hold one target's state in turn, `NAME.0.state` and `NAME.1.state`.
///
/// A write overwrites the older one in place and waits once for the disk, or not at all; no file is made, renamed or
/// removed, which would cost a commit of the file system's journal each. Cut off anywhere, it leaves the newer one as it
/// was. A record that the disk may not have yet is overwritten itself by the next one, so that a machine that loses power
/// always finds the last synced one, or a later one.
struct StateSlots {
    private let folder: Folder
    private let target: String
    /// The number of the newest whole record; its parity says in which slot that stands.
    private var sequence = 0
    /// Whether that record is on the disk for sure.
    private(set) var isSynced = true
    private var text = StateText()
    /// Those that are open, for the next write.
    private var files: [FileDescriptor?] = [nil, nil]
    /// The file of the first schema, which goes once a slot is written.
    private var outdated: String?

    static let suffixes = [".0.state", ".1.state"]
    /// How the first schema named its one file.
    static let outdatedSuffix = ".json"

    /// The slots of `target` in `folder`.
    init(of target: String, in folder: Folder) {
        self.target = target
        self.folder = folder
    }

    /// What is on the disk.
    struct Content {
        /// The newest state that is whole; nil when there is none.
        var state: TargetState?
        /// Files that could not be used, and why: only when there is no whole state.
        var unusable: [(file: String, reason: String)] = []
    }

    /// Reads the newest state.
    ///
    /// A slot that is not whole beside one that is comes from a write that never ended, whose change did not take place.
    ///
    /// - Throws: `StateStoreError.system` when a file is there and cannot be read.
    mutating func read() throws(StateStoreError) -> Content {
        var content = Content()
        for (slot, suffix) in Self.suffixes.enumerated() {
            let file = target + suffix
            // An empty one is a slot that was made and never written.
            guard let bytes = try folder.contents(of: file), !bytes.isEmpty else { continue }
            do throws(StateFormatError) {
                let record = try StateRecord(bytes)
                guard record.sequence % 2 == slot, record.sequence > sequence else { continue }
                (sequence, content.state) = (record.sequence, record.state)
            } catch {
                content.unusable.append((file, error.description))
            }
        }
        if content.state != nil {
            // Whoever wrote it may not have waited for the disk.
            try synchronize()
            close()
        }
        try readOutdated(&content)
        if content.state != nil { content.unusable = [] }
        return content
    }

    /// Overwrites the slot that does not hold the newest synced state.
    ///
    /// - Parameter isSynced: whether to wait until the state is on the disk.
    /// - Throws: `StateStoreError.system`; the newest state on the disk is the one before then, or the synced one before
    ///   that, and the next write goes to the same slot.
    mutating func write(_ state: TargetState, isSynced: Bool) throws(StateStoreError) {
        let next = sequence + (self.isSynced ? 1 : 2)
        let bytes = StateRecord.bytes(sequence: next, state: text.bytes(of: state))
        try folder.overwrite(file(next % 2, O_CREAT), with: bytes, isSynced: isSynced)
        if let outdated { try folder.remove([outdated]) }
        outdated = nil
        (sequence, self.isSynced) = (next, isSynced)
    }

    /// Waits until the newest record is on the disk.
    ///
    /// - Throws: `StateStoreError.system`.
    mutating func synchronize() throws(StateStoreError) {
        try file(sequence % 2).synchronizeData()
        isSynced = true
    }

    /// Closes the files, until they are needed again.
    mutating func close() { files = [nil, nil] }

    /// The file of a slot, opened anew when another one has its name, or none: somebody moved, replaced or removed it.
    ///
    /// - Parameter flags: of open(2); `O_CREAT` makes a file that is not there.
    private mutating func file(_ slot: Int, _ flags: Int32 = 0) throws(StateStoreError) -> FileDescriptor {
        let name = target + Self.suffixes[slot]
        if let open = files[slot], try open.facts.identity == folder.identity(of: name) { return open }
        let file = try folder.openFile(name, O_WRONLY | flags)
        files[slot] = file
        return file
    }

    private mutating func readOutdated(_ content: inout Content) throws(StateStoreError) {
        let file = target + Self.outdatedSuffix
        guard let bytes = try folder.contents(of: file) else { return }
        do throws(StateFormatError) {
            let state = try TargetState(firstSchema: bytes)
            if content.state == nil { content.state = state }
            outdated = file
        } catch {
            if content.state == nil { content.unusable.append((file, error.description)) } else { outdated = file }
        }
    }
}
