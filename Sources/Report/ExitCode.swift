package import WatchCore

/// What `oauthwatch` ends with.
package enum ExitCode: Int32, Sendable, CaseIterable {
    /// Healthy or degraded.
    case good = 0
    case failed = 1
    case insecure = 2
    /// Degraded, where `--strict` asks for more.
    case degraded = 3
    case inconclusive = 4
    /// The command line is wrong.
    ///
    /// Source: EX_USAGE in sysexits.h(3head).
    case usage = 64
    /// The configuration is wrong.
    ///
    /// Source: EX_CONFIG in sysexits.h(3head).
    case configuration = 78

    /// What a run that came to `verdict` ends with.
    ///
    /// - Parameter isStrict: whether degraded is not good enough.
    package init(_ verdict: Verdict, isStrict: Bool) {
        self =
            switch verdict {
            case .healthy: .good
            case .degraded: isStrict ? .degraded : .good
            case .inconclusive: .inconclusive
            case .failed: .failed
            case .insecure: .insecure
            }
    }
}
