package import WatchCore

/// What ordinary runs tell about the guards: whether those disturb the server.
extension GuardState {
    private static let blamedFor = Duration.seconds(15 * 60)
    private static let suspensionTime = Duration.seconds(86_400)
    /// How many times of the token endpoint are remembered.
    private static let remembered = 32
    /// Of these the newest are compared with the others.
    private static let newest = 5
    private static let leastHistory = 8
    /// Slower by less than this, in milliseconds, is noise.
    private static let noise = 50

    /// Whether an ordinary run failed as it would if the guards had got us banned.
    ///
    /// - Parameters:
    ///   - record: of a login or session run.
    ///   - now: civil time.
    package func areBlamed(by record: RunRecord, at now: WallTime) -> Bool {
        guard record.kind != .guarding, let lastSent, lastSent <= now, now - lastSent <= Self.blamedFor else {
            return false
        }
        let broken = Set(record.findings.filter { [.failure, .inconclusive].contains($0.severity) }.map(\.step))
        return record.exchanges.contains { broken.contains($0.request.step) && $0.isRepulse }
    }

    /// Marks the findings that the guards may have caused.
    package func marked(_ findings: [Finding]) -> [Finding] {
        findings.map { finding in
            guard [.failure, .inconclusive].contains(finding.severity), finding.step != .guarding else {
                return finding
            }
            var finding = finding
            finding.message += " (monitor-induced: guards ran shortly before; they are suspended for 24 h)"
            return finding
        }
    }

    /// Takes in how an ordinary run went; call it when its end is written down.
    package mutating func observe(_ record: RunRecord, at now: WallTime) {
        if watchedSince == nil { watchedSince = now }
        guard record.kind != .guarding else { return }
        if areBlamed(by: record, at: now) {
            suspend("a connection refusal, 403 or 429 within 15 min of a guard", at: now)
        }
        let times = record.exchanges.compactMap(\.tokenMilliseconds)
        guard !times.isEmpty else { return }
        tokenMilliseconds = (tokenMilliseconds + times).suffix(Self.remembered)
        guard isTwiceAsSlow else { return }
        suspend("the token endpoint has become twice as slow", at: now)
        // What is slow now is the history from here on.
        tokenMilliseconds = Array(tokenMilliseconds.suffix(Self.newest))
    }

    private var isTwiceAsSlow: Bool {
        guard tokenMilliseconds.count >= Self.leastHistory + Self.newest else { return false }
        let before = Self.median(tokenMilliseconds.dropLast(Self.newest))
        let after = Self.median(tokenMilliseconds.suffix(Self.newest))
        return after >= 2 * before && after - before >= Self.noise
    }

    private static func median(_ values: some Collection<Int>) -> Int {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }

    private mutating func suspend(_ why: String, at now: WallTime) {
        guard !isSuspended(at: now) else { return }
        (suspendedUntil, suspension) = (now + Self.suspensionTime, why)
    }
}

extension Exchange {
    /// Whether the server turned us away rather than answer.
    fileprivate var isRepulse: Bool {
        if let failure { return failure.kind == .connectionRefused }
        guard let response, [403, 429].contains(response.status) else { return false }
        // A scope that is missing is an answer to the token.
        return !response.fields.all("www-authenticate").contains { $0.contains("insufficient_scope") }
    }

    /// How long the token endpoint took for one of the flow's own requests; nil for any other exchange.
    fileprivate var tokenMilliseconds: Int? {
        guard [.token, .refresh, .session].contains(request.step), failure == nil, let response,
            response.status == 200, request.grantType != nil
        else { return nil }
        return Int(response.phases.firstByte.nanoseconds / 1_000_000)
    }
}

extension HTTPRequest {
    fileprivate var grantType: String? {
        guard case .form(let pairs)? = body else { return nil }
        return pairs.first { $0.name == "grant_type" }?.value
    }
}
