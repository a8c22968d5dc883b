/// A value that must never be shown: password, token, code, verifier, client secret.
///
/// Every rendering of it is a fixed word; only `reveal()` gives the value, at the places that send or store it.
package struct Secret: Sendable, Hashable {
    private let value: String

    /// Wraps a value that must not be shown.
    ///
    /// - Parameter value: the secret itself, as sent on the wire before any encoding.
    package init(_ value: String) {
        self.value = value
    }

    /// The value itself, for the request that sends it or the file that keeps it.
    package func reveal() -> String { value }

    /// Whether nothing is in it.
    package var isEmpty: Bool { value.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
