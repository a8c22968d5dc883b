package import WatchCore

extension TargetMetrics {
    /// The metrics of all targets; each series carries its target's name.
    ///
    /// - Parameters:
    ///   - targets: names must differ.
    ///   - now: civil time, for the budgets.
    ///   - stepHistograms: whether the durations of single steps are among them: they are more than a third of all series.
    package static func families(
        _ targets: [TargetMetrics], at now: WallTime, stepHistograms: Bool = true
    ) -> [MetricFamily] {
        catalogue.filter { stepHistograms || $0.name != stepDuration }.map { entry in
            let samples = targets.flatMap { target in
                entry.samples(target, now).map { sample in
                    var sample = sample
                    sample.labels.insert(MetricLabel("target", target.target), at: 0)
                    return sample
                }
            }
            return MetricFamily("oauthwatch_\(entry.name)", entry.kind, help: entry.help, samples: samples)
        }
    }

    /// A metric that every target has.
    private struct Entry: Sendable {
        var name: String
        var kind: MetricFamily.Kind
        var help: String
        var samples: @Sendable (TargetMetrics, WallTime) -> [MetricSample]

        init(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            _ samples: @escaping @Sendable (TargetMetrics) -> [MetricSample]
        ) {
            self.init(name, kind, help, at: { target, _ in samples(target) })
        }

        init(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            at samples: @escaping @Sendable (TargetMetrics, WallTime) -> [MetricSample]
        ) {
            (self.name, self.kind, self.help, self.samples) = (name, kind, help, samples)
        }
    }

    private static let stepDuration = "step_duration_seconds"

    private static let catalogue: [Entry] = verdicts + runTimes + findings + guards + traffic + credentials + facts

    private static let verdicts = [
        Entry("target_info", .info, "The watched server and the MCP revision that it follows.") {
            [MetricSample(1, [MetricLabel("server", $0.server), MetricLabel("revision", $0.revision)])]
        },
        Entry("target_verdict", .gauge, "1 for the verdict that holds now, 0 for the others.") { target in
            Verdict.allCases.map {
                MetricSample($0 == target.status.verdict ? 1 : 0, [MetricLabel("verdict", $0.rawValue)])
            }
        },
        Entry("target_login_success", .gauge, "Whether the last conclusive login run had no failure; NaN before it.") {
            [MetricSample($0.loginSuccess)]
        },
        Entry("target_insecure", .gauge, "Whether an insecure finding stands; it does until it is scored again.") {
            [MetricSample($0.status.active.contains { $0.severity == .insecure } ? 1 : 0)]
        },
        Entry("runs_total", .counter, "Runs by kind and verdict.") { target in
            target.runs.samples {
                [MetricLabel("kind", $0.kind.rawValue), MetricLabel("verdict", $0.verdict.rawValue)]
            }
        },
    ]

    private static let runTimes = [
        Entry("run_duration_seconds", .histogram, "How long runs took.") { target in
            target.byKind { MetricSample(target.runDurations[$0] ?? Histogram()) }
        },
        Entry(stepDuration, .histogram, "How long the steps of runs took.") { target in
            target.steps.map {
                MetricSample(target.stepDurations[$0] ?? Histogram(), [MetricLabel("step", $0.rawValue)])
            }
        },
        Entry("last_run_timestamp_seconds", .gauge, "When the last run began; 0: never.") { target in
            target.byKind { MetricSample(seconds(target.kept.lastRun[$0])) }
        },
        Entry("last_conclusive_timestamp_seconds", .gauge, "When the last conclusive run began; 0: never.") { target in
            target.byKind { MetricSample(seconds(target.kept.lastConclusive[$0])) }
        },
        Entry("last_success_timestamp_seconds", .gauge, "When the last good run began; 0: never.") { target in
            target.byKind { MetricSample(seconds(target.kept.lastSuccess[$0])) }
        },
        Entry("interval_seconds", .gauge, "The configured time between runs.") { target in
            target.kinds.compactMap { kind in
                target.intervals[kind].map { MetricSample($0.seconds, [MetricLabel("kind", kind.rawValue)]) }
            }
        },
    ]

    private static let findings = [
        Entry("step_failed", .gauge, "1 for the step to blame for the verdict that holds now.") { target in
            target.steps.map { MetricSample($0 == target.status.blamed ? 1 : 0, [MetricLabel("step", $0.rawValue)]) }
        },
        Entry("finding", .gauge, "1 for each finding that stands.") { target in
            // A check may have found several things; they are one series.
            let labels = target.status.active.map {
                [
                    MetricLabel("check", $0.check.rawValue), MetricLabel("severity", $0.severity.rawValue),
                    MetricLabel("layer", $0.layer.rawValue),
                ]
            }
            return Set(labels).sorted { $0.lexicographicallyPrecedes($1) { $0.value < $1.value } }
                .map { MetricSample(1, $0) }
        },
        Entry("findings", .gauge, "How many findings stand.") { target in
            Severity.allCases.map { severity in
                let count = target.status.active.count { $0.severity == severity }
                return MetricSample(Double(count), [MetricLabel("severity", severity.rawValue)])
            }
        },
    ]

    private static let guards = [
        Entry("guards", .gauge, "Guards by class and by what each came to when it was last tried.") { target in
            GuardClass.allCases.flatMap { guardClass in
                let counts = target.kept.guards.counts(guardClass)
                return GuardState.Result.allCases.map { result in
                    let labels = [
                        MetricLabel("class", guardClass.rawValue), MetricLabel("result", result.rawValue),
                    ]
                    return MetricSample(Double(counts[result] ?? 0), labels)
                }
            }
        },
        Entry("guard_last_scored_timestamp_seconds", .gauge, "When a guard was last scored; 0: never.") { target in
            GuardClass.allCases.map { guardClass in
                MetricSample(
                    seconds(target.kept.guards.lastScored(guardClass)), [MetricLabel("class", guardClass.rawValue)])
            }
        },
    ]

    private static let traffic = [
        Entry("http_requests_total", .counter, "Requests sent; code_class none: no answer came.") { target in
            target.requests.samples {
                [MetricLabel("step", $0.step.rawValue), MetricLabel("code_class", $0.codeClass)]
            }
        },
        Entry("http_phase_seconds_total", .counter, "Time spent in each phase of requests.") { target in
            target.phaseSeconds.samples { [MetricLabel("phase", $0)] }
        },
        Entry("trace_files", .gauge, "Trace files kept.") { [MetricSample(Double($0.traceFiles))] },
        Entry("trace_bytes", .gauge, "Size of the trace files kept.") { [MetricSample(Double($0.traceBytes))] },
    ]

    private static let credentials = [
        Entry("password_submissions_total", .counter, "Passwords submitted; unknown: neither code nor rejection came.")
        {
            $0.passwordSubmissions.samples { [MetricLabel("result", $0)] }
        },
        Entry("refreshes_total", .counter, "Refresh requests answered.") { target in
            target.refreshes.samples { [MetricLabel("result", $0)] }
        },
        Entry("registrations_total", .counter, "Client registrations answered.") { target in
            target.registrations.samples { [MetricLabel("result", $0)] }
        },
        Entry(
            "budget_remaining", .gauge, "What is left for 24 hours.",
            at: { target, now in
                let registrations = target.kept.registrationBudgetRemaining(
                    budget: target.budgets.registrationsPerDay, now: now)
                let logins = target.kept.login.submissionsRemaining(
                    allowedPerDay: target.budgets.rejectedLoginsPerDay, now: now)
                let guards = target.guardLogins.map { target.kept.guards.loginsRemaining(budget: $0, now: now) }
                return [
                    MetricSample(Double(registrations), [MetricLabel("budget", "registrations")]),
                    MetricSample(Double(logins), [MetricLabel("budget", "rejected_logins")]),
                ] + (guards.map { [MetricSample(Double($0), [MetricLabel("budget", "guard_logins")])] } ?? [])
            }),
    ]

    private static func byCanary(_ value: (SessionCanary) -> Double) -> [MetricSample] {
        SessionCanary.allCases.map { MetricSample(value($0), [MetricLabel("canary", $0.rawValue)]) }
    }

    private static let facts = [
        Entry("session_alive", .gauge, "Whether the kept session worked when last tried; NaN before.") { target in
            byCanary { target.sessionAlive[$0].map { $0 ? 1 : 0 } ?? .nan }
        },
        Entry("session_start_timestamp_seconds", .gauge, "When the kept session began; 0: there is none.") { target in
            byCanary { seconds(target.sessionStart[$0]) }
        },
        Entry("token_lifetime_seconds", .gauge, "Promised lifetime of access tokens; NaN: none known.") {
            [MetricSample($0.tokenLifetime)]
        },
        Entry("clock_skew_seconds", .gauge, "The server's clock minus ours; NaN: not known.") {
            [MetricSample($0.clockSkew)]
        },
        Entry("certificate_expiry_timestamp_seconds", .gauge, "End of the certificate's validity; NaN: none seen.") {
            [MetricSample($0.certificateExpiry, [MetricLabel("role", "server")])]
        },
    ]

    private static func seconds(_ time: WallTime?) -> Double { time?.seconds ?? 0 }

    private func byKind(_ sample: (RunKind) -> MetricSample) -> [MetricSample] {
        kinds.map { kind in
            var sample = sample(kind)
            sample.labels.append(MetricLabel("kind", kind.rawValue))
            return sample
        }
    }
}
