import WatchCore

/// Checks on what every answer carries.
extension FlowRun {
    private static let day: Double = 86_400

    /// Certificate and clocks.
    func judgeFacts() {
        if let expiry = record.facts.certificateExpiry {
            let days = Int(((expiry - now).seconds / Self.day).rounded(.down))
            check(
                .tlsExpiry, days > 14, days > 3 ? .warning : .failure, "days left of the certificate: \(days)",
                evidence: "until \(expiry.iso8601Seconds)")
            pass(.tlsVerify)
        }
        if let skew = record.facts.clockSkew {
            check(
                .clockSkew, abs(skew) <= 60, "the server's clock is \(Int(skew.rounded())) s from ours",
                evidence: "Date header against our clock")
        }
    }
}
