internal import CJansson
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
    /// One line; quotes no more than a word of the text.
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
        let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        guard Self.depth(of: text) <= Self.maximumDepth else {
            throw JSONError(kind: .depth, message: "nested deeper than \(Self.maximumDepth) levels", line: 0)
        }
        // A number beyond 64 bits becomes a floating-point one: some servers date tokens centuries ahead.
        var error = json_error_t()
        let document =
            Self.load(text, flags: 0, error: &error) ?? Self.load(text, flags: Self.integersAsReals, error: &error)
        guard let document else { throw JSONError(error) }
        defer { json_delete_reference(document) }
        self = Self.value(of: document)
    }

    private static let integersAsReals = 0x8  // JSON_DECODE_INT_AS_REAL, a macro that Swift does not import
    private static let anyValueAndNUL = 0x4 | 0x10  // JSON_DECODE_ANY | JSON_ALLOW_NUL

    private static func load(
        _ text: ArraySlice<UInt8>, flags: Int, error: inout json_error_t
    ) -> UnsafeMutablePointer<json_t>? {
        text.withUnsafeBytes { buffer in
            json_loadb(
                buffer.bindMemory(to: CChar.self).baseAddress, buffer.count, anyValueAndNUL | flags, &error)
        }
    }

    /// The deepest level of brackets outside strings; linear, so that a bomb costs nothing.
    private static func depth(of text: ArraySlice<UInt8>) -> Int {
        var depth = 0
        var deepest = 0
        var inString = false
        var escaped = false
        for byte in text {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }

    private static func value(of node: UnsafeMutablePointer<json_t>) -> JSON {
        switch node.pointee.type {
        case JSON_OBJECT: .object(members(of: node))
        case JSON_ARRAY: .array((0..<json_array_size(node)).compactMap { json_array_get(node, $0).map(value) })
        case JSON_STRING: .string(text(json_string_value(node), json_string_length(node)))
        case JSON_INTEGER: .integer(Int(json_integer_value(node)))
        case JSON_REAL: .number(json_real_value(node))
        case JSON_TRUE: .bool(true)
        case JSON_FALSE: .bool(false)
        default: .null
        }
    }

    private static func members(of object: UnsafeMutablePointer<json_t>) -> [Member] {
        var members: [Member] = []
        members.reserveCapacity(json_object_size(object))
        var iterator = json_object_iter(object)
        while let current = iterator {
            if let key = json_object_iter_key(current), let node = json_object_iter_value(current) {
                members.append(Member(String(cString: key), value(of: node)))
            }
            iterator = json_object_iter_next(object, current)
        }
        return members
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        guard let start else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

extension JSONError {
    init(_ error: json_error_t) {
        let message = withUnsafeBytes(of: error.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        // The code is the last byte of `text` (json_error_code in jansson.h).
        let code = withUnsafeBytes(of: error.text) { $0.last.map(UInt32.init) ?? 0 }
        self.init(
            kind: code == json_error_invalid_utf8.rawValue ? .encoding : .syntax, message: message,
            line: max(0, Int(error.line)))
    }
}
