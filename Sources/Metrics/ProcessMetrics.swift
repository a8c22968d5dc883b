import Glibc
import WatchCore

/// What the process uses, under the names that Prometheus client libraries give it.
///
/// Source: proc(5), getrlimit(2).
package struct ProcessMetrics: Sendable, Hashable {
    /// Seconds in user and system mode.
    package var cpuSeconds: Double
    package var residentBytes: Double
    package var virtualBytes: Double
    /// Seconds after the epoch.
    package var startTime: Double
    package var openDescriptors: Int
    /// Infinite when there is no limit.
    package var maxDescriptors: Double

    /// Reads the figures of this process.
    ///
    /// - Returns: nil when /proc is not there.
    package static func current() -> ProcessMetrics? {
        guard let stat = read("/proc/self/stat"), let descriptors = countDescriptors() else { return nil }
        let clock = SystemClock()
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return ProcessMetrics(
            stat: stat, bootTime: clock.wallTime.seconds - (clock.now - Instant(nanoseconds: 0)).seconds,
            ticks: Double(sysconf(Int32(_SC_CLK_TCK))),
            pageSize: Double(sysconf(Int32(_SC_PAGESIZE))), openDescriptors: descriptors,
            maxDescriptors: limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur))
    }

    /// Reads the text of /proc/PID/stat.
    ///
    /// - Parameters:
    ///   - stat: the text; the name in it may hold spaces and parentheses.
    ///   - bootTime: seconds after the epoch.
    ///   - ticks: clock ticks a second.
    ///   - pageSize: bytes.
    ///   - openDescriptors: open now.
    ///   - maxDescriptors: how many may be.
    /// - Returns: nil when it is not in that form.
    init?(
        stat: String, bootTime: Double, ticks: Double, pageSize: Double, openDescriptors: Int, maxDescriptors: Double
    ) {
        guard let name = stat.lastIndex(of: ")") else { return nil }
        // The first field after the name is number 3 in proc(5).
        let fields = stat[name...].dropFirst().split(separator: " ").map { Double($0) }
        guard fields.count > 21, let user = fields[11], let system = fields[12], let start = fields[19],
            let size = fields[20], let pages = fields[21]
        else { return nil }
        cpuSeconds = (user + system) / ticks
        // Whole ticks, so that the two clocks' small differences do not show.
        startTime = ((bootTime * ticks).rounded() + start) / ticks
        virtualBytes = size
        residentBytes = pages * pageSize
        self.openDescriptors = openDescriptors
        self.maxDescriptors = maxDescriptors
    }

    /// The metrics of the process.
    package var families: [MetricFamily] {
        [
            MetricFamily(
                "process_cpu_seconds_total", .counter, help: "CPU time used, user and system.", value: cpuSeconds),
            MetricFamily("process_resident_memory_bytes", .gauge, help: "Memory in RAM.", value: residentBytes),
            MetricFamily("process_virtual_memory_bytes", .gauge, help: "Address space.", value: virtualBytes),
            MetricFamily("process_start_time_seconds", .gauge, help: "When the process began.", value: startTime),
            MetricFamily("process_open_fds", .gauge, help: "Open descriptors.", value: Double(openDescriptors)),
            MetricFamily("process_max_fds", .gauge, help: "Descriptors that may be open.", value: maxDescriptors),
        ]
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    private static func countDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not counted: `.`, `..` and the descriptor that reads the folder.
        return max(0, count - 3)
    }
}
