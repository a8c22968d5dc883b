import WatchCore

/// Looks for parts of a secret in a text, by means of its own: no code of the redactor takes part.
struct Leak: Sendable {
    /// So many bytes of a spelling in a row are a leak.
    private static let window = 12

    /// Each part of each spelling, with the spelling's name.
    private var parts: [UInt128: String] = [:]

    /// Looks for parts of `secret`.
    init(of secret: String) {
        for (name, form) in Encodings.all(of: secret) {
            // Spellings inside a URL begin with a path that is no secret.
            let core = form.hasPrefix("/x?y=") || form.hasPrefix("\\/x?y=") ? String(form.dropFirst(6)) : form
            Self.forEachPart(of: core) { parts[$0] = "\(name): \(core)" }
        }
    }

    /// The spellings of which some part stands in `text`.
    func found(in text: String) -> Set<String> {
        var found: Set<String> = []
        Self.forEachPart(of: text) { part in
            if let spelling = parts[part] { found.insert(spelling) }
        }
        return found
    }

    private static func forEachPart(of text: String, _ body: (UInt128) -> Void) {
        let mask = (UInt128(1) << (8 * UInt128(window))) - 1
        var part: UInt128 = 0
        for (index, byte) in text.utf8.enumerated() {
            part = (part << 8 | UInt128(byte)) & mask
            if index + 1 >= window { body(part) }
        }
    }
}
