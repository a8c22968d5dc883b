import WatchCore

/// Checks on what every answer carries.
extension FlowRun {
    private static let day: Double = 86_400

    /// How much of a certificate must be left: 15 days, and 4; of one that is made for days or hours, as some authorities
    /// do and renew at a third, a quarter and a tenth.
    private static func patience(with lifetime: Duration?) -> (warning: Duration, failure: Duration) {
        let usual = (warning: Duration.seconds(15 * 86_400), failure: Duration.seconds(4 * 86_400))
        guard let lifetime, lifetime > .zero else { return usual }
        return (min(usual.warning, lifetime / 4), min(usual.failure, lifetime / 10))
    }

    /// Certificate and clocks.
    func judgeFacts() {
        if let expiry = record.facts.certificateExpiry {
            let left = expiry - now
            let (warning, failure) = Self.patience(with: record.facts.certificateLifetime)
            let days = Int((left.seconds / Self.day).rounded(.down))
            check(
                .tlsExpiry, left >= warning, left >= failure ? .warning : .failure,
                days > 1
                    ? "days left of the certificate: \(days)"
                    : "hours left of the certificate: \(Int(left.seconds / 3600))",
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
