import Glibc

/// Why a lab did not start.
package enum LabError: Error, Hashable, CustomStringConvertible {
    /// No fault or variety has this id.
    case unknownFault(String)
    /// The address to listen on is not a literal loopback address.
    case notLoopback(String)
    /// A system call failed.
    case system(operation: String, errno: Int32)
    /// What the demo waited for did not come.
    case demo(String)

    package var description: String {
        switch self {
        case .unknownFault(let id):
            "no fault is called “\(id)”; `oauthwatch lab --list-faults` names them all"
        case .notLoopback(let host):
            "the lab listens on loopback only, and “\(host)” is no such address; use 127.0.0.1 or ::1"
        case .system(let operation, let code):
            "\(operation): \(String(cString: strerror(code)))"
        case .demo(let reason):
            reason
        }
    }

    /// The failure of the system call that just returned.
    static func last(_ operation: String) -> LabError { .system(operation: operation, errno: Glibc.errno) }
}
