import WatchCore

/// The text formats in which metrics are served.
package enum Exposition: String, Sendable, Hashable, CaseIterable {
    /// Prometheus text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.0.
    case openMetrics

    /// The format that a scraper asks for.
    ///
    /// - Parameter accept: the request's `Accept` field; nil when it has none.
    package init(accept: String?) {
        let ranges = (accept ?? "").split(separator: ",").map(MediaRange.init)
        let open = ranges.filter { $0.isOpenMetrics }.map(\.quality).max() ?? 0
        let plain = ranges.filter { $0.isPrometheus }.map(\.quality).max() ?? 0
        self = open > 0 && open >= plain ? .openMetrics : .prometheus
    }

    /// The content type to serve it with.
    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// The metrics as text; families without a series are left out.
    ///
    /// - Parameter families: names must differ.
    package func text(_ families: [MetricFamily]) -> String {
        var text = ""
        for family in families where !family.samples.isEmpty { write(family, to: &text) }
        if self == .openMetrics { text += "# EOF\n" }
        return text
    }

    private func write(_ family: MetricFamily, to text: inout String) {
        let name = headName(of: family)
        text += "# HELP \(name) \(escapedHelp(family.help))\n# TYPE \(name) \(typeName(of: family.kind))\n"
        for sample in family.samples { write(sample, of: family.name, to: &text) }
    }

    /// OpenMetrics names a family without the suffix of its samples.
    private func headName(of family: MetricFamily) -> String {
        switch (self, family.kind) {
        case (.openMetrics, .counter): family.name.withoutSuffix("_total")
        case (.openMetrics, .info): family.name.withoutSuffix("_info")
        default: family.name
        }
    }

    private func typeName(of kind: MetricFamily.Kind) -> String {
        self == .prometheus && kind == .info ? "gauge" : kind.rawValue
    }

    private func write(_ sample: MetricSample, of name: String, to text: inout String) {
        switch sample.value {
        case .number(let value): writeLine(name, sample.labels, value.expositionText, to: &text)
        case .histogram(let histogram):
            let bounds = Histogram.bounds + [.infinity]
            for (bound, count) in zip(bounds, histogram.cumulativeCounts) {
                let le = MetricLabel("le", bound == .infinity ? "+Inf" : "\(bound)")
                writeLine("\(name)_bucket", sample.labels + [le], "\(count)", to: &text)
            }
            writeLine("\(name)_sum", sample.labels, histogram.sum.expositionText, to: &text)
            writeLine("\(name)_count", sample.labels, "\(histogram.count)", to: &text)
        }
    }

    private func writeLine(_ name: String, _ labels: [MetricLabel], _ value: String, to text: inout String) {
        text += name
        if !labels.isEmpty {
            text += "{"
            for (index, label) in labels.enumerated() {
                text += "\(index == 0 ? "" : ",")\(label.name)=\"\(label.value.escaped(quotes: true))\""
            }
            text += "}"
        }
        text += " \(value)\n"
    }

    private func escapedHelp(_ help: String) -> String { help.escaped(quotes: self == .openMetrics) }
}

/// One range of an `Accept` field.
///
/// Source: RFC 9110 §12.5.1.
private struct MediaRange {
    private let type: String
    private let version: String?
    /// From 0, not wanted, to 1.
    let quality: Double

    init(_ text: Substring) {
        let parts = text.lowercased().split(separator: ";").map(\.trimmingSpaces)
        func parameter(_ name: String) -> String? {
            parts.dropFirst().first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        type = parts.first ?? ""
        version = parameter("version")
        quality = parameter("q").flatMap(Double.init) ?? 1
    }

    var isOpenMetrics: Bool { type == "application/openmetrics-text" && [nil, "1.0.0"].contains(version) }
    var isPrometheus: Bool { type == "text/plain" && [nil, "0.0.4"].contains(version) }
}

extension Double {
    /// As both formats write a number.
    fileprivate var expositionText: String {
        if isNaN { return "NaN" }
        if isInfinite { return self > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: self).map { "\($0)" } ?? "\(self)"
    }
}

extension String {
    fileprivate func withoutSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }

    fileprivate func escaped(quotes: Bool) -> String {
        guard utf8.contains(where: { [0x5C, 0x0A, 0x22].contains($0) }) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\"" where quotes: text += "\\\""
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
