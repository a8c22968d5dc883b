import Traces
import WatchCore

/// How a step ended, for a person: the seed's words where it failed, and what else was found.
struct StepOutcome {
    let result: StepResult
    let findings: [Finding]
    /// The last request of the step; nil when it sent none.
    let exchange: Exchange?
    let redactor: Redactor

    /// Nothing for a step in which all was well.
    var lines: [ReportLine] {
        let mild = findings.filter { $0.severity == .warning }.map { ReportLine.marked(.warning, $0.message) }
        switch result.outcome {
        case .passed, .skipped: return mild
        case .inconclusive:
            let why = findings.first { $0.severity == .inconclusive }?.message ?? "no answer either way"
            return mild + [.marked(.unknown, "\(result.step.rawValue) is inconclusive: \(why)")]
        case .failed: return mild + failure
        }
    }

    private var worst: Finding? {
        findings.first { $0.severity == .insecure } ?? findings.first { $0.severity == .failure }
    }

    private var failure: [ReportLine] {
        guard let worst, exchange?.isUnreachable != true else {
            // That the server cannot be reached is said already.
            return exchange?.isUnreachable == true ? [] : [.marked(.bad, result.step.failure)]
        }
        guard worst.severity == .failure, let refusal else {
            return [.marked(.bad, "\(result.step.failure): \(worst.message)")]
        }
        return [.marked(.bad, "\(result.step.failure): \(refusal)")] + response
    }

    /// The status of a refusal, or the error that an authorization server names; nil when nothing was refused.
    private var refusal: String? {
        switch result.step {
        case .authorization, .authentication: return oauthError
        default: return exchange?.response.flatMap { $0.status >= 400 ? "\($0.status)" : nil }
        }
    }

    /// Source: RFC 6749 §4.1.2.1, §5.2.
    private var oauthError: String? {
        guard let exchange, let response = exchange.response else { return nil }
        let location = response.fields["location"].flatMap { exchange.request.url.resolving($0) }
        let pairs = location?.queryPairs ?? []
        let json = redactor.body(of: response, to: exchange.request).json
        func value(_ name: String) -> String? { pairs.first { $0.name == name }?.value ?? json?[name]?.string }
        guard let error = value("error") else { return nil }
        return redactor.text([error, value("error_description")].compactMap { $0 }.joined(separator: " - "))
    }

    /// The answer on one line.
    private var response: [ReportLine] {
        guard let exchange, let response = exchange.response, response.mediaType != "text/html" else { return [] }
        let text = redactor.body(of: response, to: exchange.request, limit: 1_000).text
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.isEmpty ? [] : [.indented(3, "Response: \(words)")]
    }
}
