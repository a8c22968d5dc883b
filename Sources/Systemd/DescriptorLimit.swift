import Glibc

/// How many descriptors this process may have open at once. Without any left nothing works: no connection, no trace, and
/// Swift's own thread pool ends the process when it cannot open the file that it watches its threads by.
package enum DescriptorLimit {
    /// All runs, local clients and files at once need fewer.
    package static let enough: UInt64 = 1_024
    /// No more than this is asked for: some programs that an alert may start close every number up to the limit.
    private static let most: UInt64 = 4_096

    /// Raises the limit as far as that is useful and allowed.
    ///
    /// - Returns: the limit that holds now; nil when the kernel does not tell.
    ///
    /// Source: getrlimit(2).
    package static func raise() -> UInt64? {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return nil }
        var wanted = limit
        wanted.rlim_cur = rlim_t(aim(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max)))
        return setrlimit(resource, &wanted) == 0 ? UInt64(wanted.rlim_cur) : UInt64(limit.rlim_cur)
    }

    /// The limit to set: never lower than it is.
    static func aim(soft: UInt64, hard: UInt64) -> UInt64 { max(soft, min(hard, most)) }
}
