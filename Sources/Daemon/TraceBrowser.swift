import CommandIO
import Config
import Glibc
import Report
import Traces
import WatchCore

/// `oauthwatch traces`: looks at the traces that a daemon, or one-shot runs, have written. It needs no daemon and
/// disturbs none.
package struct TraceBrowser: Sendable {
    /// Where the packaged service has its configuration.
    private static let packaged = "/etc/oauthwatch/oauthwatch.yaml"

    private let configuration: String?
    private let directory: String?
    private let target: String?

    /// - Parameters:
    ///   - configuration: the daemon's configuration file, which names the directory.
    ///   - directory: the directory itself; nil takes the configuration's.
    ///   - target: only this one's traces.
    package init(configuration: String?, directory: String?, target: String?) {
        self.configuration = configuration
        self.directory = directory
        self.target = target
    }

    /// `traces list`.
    ///
    /// - Parameters:
    ///   - onlyFailing: leave out what was well.
    ///   - limit: so many at most, the newest; nil: all.
    ///   - isJSON: print JSON.
    /// - Returns: the exit status.
    package func list(onlyFailing: Bool, limit: Int?, isJSON: Bool) -> Int32 {
        finish { () throws(UsageError) in
            let archive = try archive()
            let entries = archive.entries(of: target).filter { !onlyFailing || $0.isFailing }
            var digests: [TraceDigest] = []
            for entry in entries.suffix(limit ?? entries.count) {
                let path = archive.path(of: entry)
                // One that rotation has taken meanwhile is no error.
                guard let trace = try? TraceReader.read(path) else { continue }
                digests.append(TraceDigest(trace, path: path))
            }
            Console.out(isJSON ? TraceListing.json(digests).text(indent: 1) + "\n" : TraceListing.text(digests))
            return EX_OK
        }
    }

    /// `traces show`.
    ///
    /// - Parameter trace: a path, a file name, or nil for the newest.
    /// - Returns: the exit status.
    package func show(_ trace: String?) -> Int32 {
        finish { () throws(UsageError) in
            Console.out(TraceText.text(try read(try path(of: trace))))
            return EX_OK
        }
    }

    /// `traces diff`.
    ///
    /// - Parameters:
    ///   - first: a trace; nil takes the first failing one of the newest failure.
    ///   - second: another one; nil takes the last good one before the first.
    /// - Returns: the exit status: 0 also when they differ.
    package func diff(_ first: String?, _ second: String?) -> Int32 {
        finish { () throws(UsageError) in
            let (good, bad) = try pair(first, second)
            Console.out(TraceComparison(good: try read(good), bad: try read(bad)).text())
            return EX_OK
        }
    }

    /// `traces prune`.
    ///
    /// - Parameter isTrial: only say what would be done.
    /// - Returns: the exit status.
    package func prune(isTrial: Bool) async -> Int32 {
        do throws(UsageError) {
            guard target == nil else { throw UsageError(message: "prune takes no --target: the limits are for all") }
            let settings = try settings()
            let plan: RetentionPlan
            do throws(TraceFailure) {
                plan = try await TraceStore(settings: settings, clock: SystemClock()).prune(isTrial: isTrial)
            } catch {
                throw UsageError(message: error.description, status: EX_IOERR)
            }
            for entry in plan.deletions {
                Console.out("remove \(settings.directory)/\(entry.target)/\(entry.name.text)\n")
            }
            for entry in plan.compressions {
                Console.out("compress \(settings.directory)/\(entry.target)/\(entry.name.text)\n")
            }
            let freed = plan.deletions.reduce(0) { $0 + $1.size }
            Console.out(
                "\(plan.deletions.count) \(isTrial ? "to remove" : "removed") (\(freed >> 10) KiB), "
                    + "\(plan.compressions.count) \(isTrial ? "to compress" : "compressed")\n")
            return EX_OK
        } catch {
            Console.error(error.message)
            return error.status
        }
    }
}

extension TraceBrowser {
    private func finish(_ work: () throws(UsageError) -> Int32) -> Int32 {
        do throws(UsageError) {
            return try work()
        } catch {
            Console.error(error.message)
            return error.status
        }
    }

    private func settings() throws(UsageError) -> TraceSettings {
        guard let file = configuration ?? (access(Self.packaged, R_OK) == 0 ? Self.packaged : nil) else {
            throw UsageError(message: "name the daemon's configuration with --config, or a directory with --directory")
        }
        do throws(ConfigurationError) {
            return try ConfigurationFile.load(file).0.traces
        } catch {
            throw UsageError(message: error.description, status: EX_CONFIG)
        }
    }

    private func archive() throws(UsageError) -> TraceArchive {
        let place = if let directory { directory } else { try settings().directory }
        do throws(TraceFailure) {
            return try TraceArchive(directory: place)
        } catch {
            throw UsageError(message: error.description, status: EX_NOINPUT)
        }
    }

    private func read(_ path: String) throws(UsageError) -> JSON {
        do throws(TraceFailure) {
            return try TraceReader.read(path)
        } catch {
            throw UsageError(message: error.description, status: error.code == 0 ? EX_DATAERR : EX_NOINPUT)
        }
    }

    /// The path that somebody means: a file, or a name below the directory, compressed by now or not.
    private func path(of name: String?) throws(UsageError) -> String {
        if let name, access(name, F_OK) == 0 { return name }
        let archive = try archive()
        let entries = archive.entries(of: target)
        guard let name else {
            guard let newest = entries.last else { throw UsageError(message: "there is no trace", status: EX_NOINPUT) }
            return archive.path(of: newest)
        }
        let file = name.split(separator: "/").last.map(String.init) ?? name
        guard let entry = entries.last(where: { $0.name.text == file || $0.name.text == "\(file).gz" }) else {
            throw UsageError(message: "there is no trace \(Console.oneLine(name))", status: EX_NOINPUT)
        }
        return archive.path(of: entry)
    }

    private func pair(_ first: String?, _ second: String?) throws(UsageError) -> (good: String, bad: String) {
        if let first, let second {
            let paths = (try path(of: first), try path(of: second))
            let isBad = (
                TraceDigest(try read(paths.0), path: "").isBad, TraceDigest(try read(paths.1), path: "").isBad
            )
            return isBad == (true, false) ? (paths.1, paths.0) : paths
        }
        if let first { return try beside(try path(of: first)) }
        let archive = try archive()
        let names = target.map { [$0] } ?? archive.targets
        let failures = names.map { archive.newestFailure(of: $0) }.filter { $0.bad != nil }
        guard let failure = failures.max(by: { ($0.bad?.name.second ?? 0) < ($1.bad?.name.second ?? 0) }),
            let bad = failure.bad
        else {
            throw UsageError(
                message: "no trace has failed (degraded is not failed): name two to compare; `traces list` names them",
                status: EX_NOINPUT)
        }
        guard let good = failure.good else {
            throw UsageError(message: "nothing was well before \(archive.path(of: bad))", status: EX_NOINPUT)
        }
        return (archive.path(of: good), archive.path(of: bad))
    }

    /// A trace and the last good one before it, in the same directory.
    private func beside(_ path: String) throws(UsageError) -> (good: String, bad: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        let archive: TraceArchive
        do throws(TraceFailure) {
            archive = try TraceArchive(directory: folder)
        } catch {
            throw UsageError(message: error.description, status: EX_NOINPUT)
        }
        guard let entry = archive.entries.first(where: { $0.name.text == parts.last.map(String.init) }),
            let good = archive.lastGood(before: entry)
        else {
            throw UsageError(message: "nothing was well before \(Console.oneLine(path))", status: EX_NOINPUT)
        }
        return (archive.path(of: good), path)
    }
}

extension TraceDigest {
    fileprivate var isBad: Bool { !(Verdict(rawValue: verdict)?.isGood ?? false) }
}
