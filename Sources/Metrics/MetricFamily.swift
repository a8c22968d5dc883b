/// A metric with all its series, ready to be written.
///
/// Source: the OpenMetrics specification 1.0.0, data model; Prometheus text format 0.0.4.
package struct MetricFamily: Sendable, Hashable {
    /// What the values mean.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case gauge, counter, histogram
        /// A gauge that is always 1 and tells by its labels; the name ends in `_info`.
        case info
    }

    /// As in Prometheus queries: a counter's ends in `_total`.
    package var name: String
    package var kind: Kind
    /// One line.
    package var help: String
    package var samples: [MetricSample]

    /// A metric with all its series.
    ///
    /// - Parameters:
    ///   - name: as in Prometheus queries, with its prefix.
    ///   - kind: what the values mean.
    ///   - help: one line.
    ///   - samples: the series; label names and values must differ between them.
    package init(_ name: String, _ kind: Kind, help: String, samples: [MetricSample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A metric with one series and no labels.
    package init(_ name: String, _ kind: Kind, help: String, value: Double) {
        self.init(name, kind, help: help, samples: [MetricSample(value)])
    }
}

/// A name and a value that tell series apart.
package struct MetricLabel: Sendable, Hashable {
    package var name: String
    package var value: String

    /// A label.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One series: its labels and what it is at now.
package struct MetricSample: Sendable, Hashable {
    /// The value of a series.
    package enum Value: Sendable, Hashable {
        case number(Double)
        case histogram(Histogram)
    }

    package var labels: [MetricLabel]
    package var value: Value

    /// A series of numbers.
    package init(_ value: Double, _ labels: [MetricLabel] = []) {
        self.labels = labels
        self.value = .number(value)
    }

    /// A histogram.
    package init(_ histogram: Histogram, _ labels: [MetricLabel] = []) {
        self.labels = labels
        value = .histogram(histogram)
    }
}
