package import WatchCore

/// What the daemon answers: `{"ok": true, …}` or `{"ok": false, "error": "…"}`.
package enum ControlAnswer {
    /// It was done.
    ///
    /// - Parameter message: one line for the person who asked; empty for none.
    package static func done(_ message: String, _ more: [JSON.Member] = []) -> JSON {
        .object([JSON.Member("ok", true), JSON.Member("message", .string(message))] + more)
    }

    /// It was not done.
    ///
    /// - Parameter reason: one line.
    package static func refused(_ reason: String) -> JSON { ["ok": false, "error": .string(reason)] }
}
