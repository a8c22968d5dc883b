import Alerts
import WatchCore

extension ValueType<Configuration> {
    /// The whole file.
    static let file = section(
        Configuration(),
        keys: [
            ConfigurationKey(
                "listen", \.listen, .listenAddress, default: "127.0.0.1:9732", "Where metrics and health are served."),
            ConfigurationKey(
                "allowedHosts", \.allowedHosts, .list(of: .host), default: "localhost, 127.0.0.1, ::1",
                "Names under which these pages may be asked for; others are refused with 403."),
            ConfigurationKey(
                "reloadEndpoint", \.reloadEndpoint, .flag, default: "false",
                "Whether `POST /-/reload` reads this file again, as SIGHUP does."),
            ConfigurationKey(
                "stepHistograms", \.stepHistograms, .flag, default: "true",
                "Whether metrics tell how long single steps took, some 130 of the 320 series of a target."),
            ConfigurationKey(
                "reference", \.reference, .publicURL, default: "none",
                "A URL elsewhere, asked when a target does not answer: when it fails, too, this machine is to blame."),
            ConfigurationKey(
                "stateDirectory", \.stateDirectory, .path, isRequired: true,
                "Where clients, tokens and budgets are kept over restarts; only one daemon may use it."),
            ConfigurationKey(
                "traces", \.traces, .traces, isRequired: true, "Where traces are kept, and how many."),
            ConfigurationKey(
                "targets", \.targets, .targets, isRequired: true, "The servers to watch."),
            ConfigurationKey(
                "alerts", \.alerts, .alerts, default: "no alerts are sent", "When to raise alarms, and where they go."),
        ]
    ).knownTargets

    /// With a look at the targets that sinks and maintenance windows name: each must be watched.
    private var knownTargets: ValueType {
        ValueType(allowed, keys: keys, shape: shape) { node, decoding in
            guard let configuration = self.read(node, &decoding) else { return nil }
            let known = Set(configuration.targets.map(\.name))
            for list in ["sinks", "maintenance"] where !known.isEmpty {
                Self.noteUnknownTargets(in: node["alerts"]?[list], "alerts.\(list)", known, &decoding)
            }
            return configuration
        }
    }

    /// - Parameters:
    ///   - list: the sinks or the windows.
    ///   - path: the list's keys.
    ///   - known: the targets that are watched.
    private static func noteUnknownTargets(
        in list: YAMLNode?, _ path: String, _ known: Set<String>, _ decoding: inout Decoding
    ) {
        for (index, element) in (list?.elements ?? []).enumerated() {
            for (place, target) in (element["targets"]?.elements ?? []).enumerated() {
                guard let name = target.json.string, !known.contains(name) else { continue }
                decoding.inside(key: "\(path)[\(index)].targets[\(place)]") {
                    $0.problem(
                        at: target.position, "names a target that is not watched: \"\(name.shown)\"",
                        allowed: known.sorted().joined(separator: ", "))
                }
            }
        }
    }
}

extension ValueType<TraceSettings> {
    /// Where traces are kept, and how many.
    static let traces = section(
        TraceSettings(directory: ""),
        keys: [
            ConfigurationKey(
                "directory", \.directory, .path, isRequired: true, "Holds a directory for each target."),
            ConfigurationKey(
                "keepAll", \.keepAll, .duration(), default: "48h",
                "For this time every trace is kept; afterwards failing ones and one healthy an hour."),
            ConfigurationKey("keep", \.keep, .duration(), default: "30d", "No trace is kept longer."),
            ConfigurationKey(
                "maxFiles", \.maxFiles, .integer(1...1_000_000), default: "10000", "Traces of one target."),
            ConfigurationKey("maxSize", \.maxSize, .size, default: "200MiB", "Space for the traces of one target."),
            ConfigurationKey("maxTotalSize", \.maxTotalSize, .size, default: "2GiB", "Space for all traces."),
            ConfigurationKey(
                "minFree", \.minFree, .size, default: "500MiB", "Space that traces leave free on their file system."),
        ])
}

extension ValueType<[TargetSettings]> {
    /// The servers to watch, at least one, each with a name of its own.
    static let targets = list(of: .target).checked { targets, position, decoding in
        if targets.isEmpty { decoding.problem(at: position, "is empty", allowed: "at least one target") }
    }.distinctNames

    private var distinctNames: ValueType {
        ValueType(allowed, keys: keys, shape: shape) { node, decoding in
            if case .list(let nodes) = node.content { Self.noteSameNames(in: nodes, &decoding) }
            return self.read(node, &decoding)
        }
    }

    /// Names are compared without case: some file systems do.
    private static func noteSameNames(in nodes: [YAMLNode], _ decoding: inout Decoding) {
        var firstLines: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            guard case .map(let entries) = node.content,
                let name = entries.first(where: { $0.key.text == "name" })?.value,
                let text = name.json.string
            else { continue }
            guard let line = firstLines.updateValue(name.position.line, forKey: text.lowercased()) else { continue }
            decoding.inside(index: index) { decoding in
                decoding.inside(key: "name") {
                    $0.problem(
                        at: name.position, "\"\(text.shown)\" is the name in line \(line) already",
                        allowed: "a name for each target, different by more than case")
                }
            }
        }
    }
}
