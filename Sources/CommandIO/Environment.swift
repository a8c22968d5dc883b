import Glibc

/// The process's environment.
package enum Environment {
    /// The value of a variable; nil when unset or empty.
    package static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value of a variable that no child may inherit; nil when unset or empty.
    package static func takeSecret(_ name: String) -> String? {
        defer { unsetenv(name) }
        return value(name)
    }
}
