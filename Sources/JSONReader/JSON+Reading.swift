package import WatchCore

/// Why a text is no JSON that is taken.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds that checks tell apart.
    package enum Kind: Sendable, Hashable {
        /// The text breaks the grammar, or holds a number out of range.
        case syntax
        /// The bytes are not UTF-8.
        case encoding
        /// Deeper than `JSON.maximumDepth`.
        case depth
    }

    package var kind: Kind
    /// One line; quotes nothing of the text.
    package var message: String
    /// Line of the text, from 1; 0 when unknown.
    package var line: Int

    package var description: String { line > 0 ? "\(message) (line \(line))" : message }
}

extension JSON {
    /// Arrays and objects may stand this deep in each other.
    package static let maximumDepth = 64

    /// Reads a JSON text.
    ///
    /// - Parameter bytes: the whole text in UTF-8; a byte order mark is skipped.
    /// - Throws: `JSONError` for a broken text, other encodings, and more than `maximumDepth` levels.
    ///
    /// Source: RFC 8259.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        self = try bytes.withUnsafeBufferPointer { text throws(JSONError) in
            var parser = JSONParser(text, from: start)
            do throws(JSONParser.Fault) {
                return try parser.document()
            } catch {
                throw JSONError(error, at: parser.position, of: text)
            }
        }
    }
}

extension JSONError {
    fileprivate init(_ fault: JSONParser.Fault, at position: Int, of text: UnsafeBufferPointer<UInt8>) {
        let line = 1 + text[..<position].count { $0 == UInt8(ascii: "\n") }
        switch fault {
        case .depth:
            self.init(kind: .depth, message: "nested deeper than \(JSON.maximumDepth) levels", line: line)
        case .syntax where String(validating: text, as: UTF8.self) == nil:
            self.init(kind: .encoding, message: "the text is not UTF-8", line: line)
        case .syntax(let message): self.init(kind: .syntax, message: message, line: line)
        }
    }
}
