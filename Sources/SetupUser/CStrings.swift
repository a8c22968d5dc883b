import Glibc

/// Texts as C wants them: an array of pointers that ends with a null pointer.
struct CStrings {
    private let texts: [String]

    /// These texts, in this order.
    init(_ texts: [String]) { self.texts = texts }

    /// Lends the pointers; they are gone after `body`.
    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
