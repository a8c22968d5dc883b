import Crypto
import JSONReader
import WatchCore

/// One state as a file holds it: two lines of JSON, then spaces up to a whole number of pages.
///
/// The first line holds the record's number, and the digest of that and of the second line, so that a record which was
/// cut off or half overwritten is known for what it is.
struct StateRecord {
    /// The newer of two whole records has the higher number.
    var sequence: Int
    var state: TargetState

    static let schemaVersion = 2
    /// Records fill whole pages: the system need not read a page before it overwrites it.
    private static let pageSize = 4_096

    /// The bytes of a file that holds a state.
    ///
    /// - Parameter state: its JSON on one line.
    static func bytes(sequence: Int, state: [UInt8]) -> [UInt8] {
        let header: JSON = [
            "version": .integer(schemaVersion), "sequence": .integer(sequence),
            "digest": .string(digest(sequence, state[...])),
        ]
        let newline = UInt8(ascii: "\n")
        var bytes = header.bytes() + [newline] + state + [newline]
        let rest = (pageSize - bytes.count % pageSize) % pageSize
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: rest))
        return bytes
    }

    /// Reads what `bytes` writes.
    ///
    /// - Throws: `StateFormatError` for anything but a whole record of this schema.
    init(_ bytes: [UInt8]) throws(StateFormatError) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3 else { throw StateFormatError(description: "no whole record") }
        let header = try StateFields(.stored(lines[0]))
        let version = try header.integer("version")
        guard version == Self.schemaVersion else { throw .foreign(version) }
        sequence = try header.integer("sequence")
        guard try header.string("digest") == Self.digest(sequence, lines[1]) else {
            throw StateFormatError(description: "the record was half overwritten")
        }
        state = try TargetState(json: .stored(lines[1]))
    }

    private static func digest(_ sequence: Int, _ state: ArraySlice<UInt8>) -> String {
        Base64URL.encode(SHA256.digest(Array("\(sequence)\n".utf8) + state))
    }
}

extension TargetState {
    /// Reads a file of the first schema: the state as one JSON object.
    ///
    /// - Throws: `StateFormatError` when it is no such file.
    init(firstSchema bytes: [UInt8]) throws(StateFormatError) {
        let json = try JSON.stored(bytes[...])
        let version = try StateFields(json).integer("version")
        guard version == 1 else { throw .foreign(version) }
        self = try TargetState(json: json)
    }
}

extension JSON {
    /// Only the line is told of an error: the parser's message may quote a token.
    fileprivate static func stored(_ text: ArraySlice<UInt8>) throws(StateFormatError) -> JSON {
        do { return try JSON(parsing: Array(text)) } catch {
            throw StateFormatError(description: "no whole JSON text: line \(error.line)")
        }
    }
}

extension StateFormatError {
    fileprivate static func foreign(_ version: Int) -> StateFormatError {
        StateFormatError(
            description: "schema version \(version), and this program knows \(StateRecord.schemaVersion)")
    }
}
