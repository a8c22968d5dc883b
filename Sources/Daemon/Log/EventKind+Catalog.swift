/// What `journalctl -x` says of each kind of event.
extension EventKind {
    /// The catalog of all kinds: `deploy/systemd/oauthwatch.catalog`. `@NAME@` stands for a field of the entry.
    ///
    /// Source: the journal's message catalog format, https://systemd.io/CATALOG/
    static var catalog: String {
        "# The journal's catalog for oauthwatch: what journalctl -x explains. Made from the program.\n"
            + allCases.map(\.catalogEntry).joined()
    }

    private var catalogEntry: String {
        let (subject, text) = explanation
        return """

            -- \(messageID)
            Subject: \(subject)
            Defined-By: oauthwatch
            Documentation: man:oauthwatch(1)

            \(text)

            """
    }

    private var explanation: (subject: String, text: String) {
        switch self {
        case .started, .stopped, .startFailed, .scheduleStalled: ofTheDaemon
        case .runGood, .runFailed, .runInsecure, .runInconclusive: ofARun
        case .reloaded, .configurationRefused, .configurationWarning: ofTheConfiguration
        case .stateSetAside, .traceNotWritten: ofFiles
        case .alert, .alertNotDelivered: ofAlerts
        }
    }

    private var ofTheDaemon: (subject: String, text: String) {
        switch self {
        case .started:
            (
                "oauthwatch watches",
                "The port answers and the schedule stands: @OAUTHWATCH_TARGETS@ target(s), pages on @OAUTHWATCH_LISTEN@."
            )
        case .stopped: ("oauthwatch has stopped", "It was asked to. Flows were ended, traces and state are whole.")
        case .startFailed:
            (
                "oauthwatch does not start",
                """
                The message says what is in the way and how to remove it. `oauthwatch check-config` names everything that is
                wrong with a configuration. Exit status 78 is a wrong configuration, 73 a state directory that cannot be
                used, 69 a port that cannot be opened.
                """
            )
        default:
            (
                "A run does not end",
                """
                A run of @OAUTHWATCH_RUNS@ goes on far beyond its time, which is a fault of oauthwatch. It stops feeding the
                watchdog, so that systemd starts it anew. Please report it.
                """
            )
        }
    }

    private var ofARun: (subject: String, text: String) {
        switch self {
        case .runGood:
            (
                "Users of @OAUTHWATCH_TARGET@ can log in",
                "A @OAUTHWATCH_KIND@ run ended @OAUTHWATCH_VERDICT@. Every exchange stands in @OAUTHWATCH_TRACE@."
            )
        case .runFailed:
            (
                "Users of @OAUTHWATCH_TARGET@ cannot log in",
                """
                A @OAUTHWATCH_KIND@ run failed at the step @OAUTHWATCH_STEP@: the check @OAUTHWATCH_CHECK@ does not hold.
                `oauthwatch explain @OAUTHWATCH_CHECK@` tells what it asserts, what usually breaks it, and the remedy. Every
                exchange, without secrets, stands in @OAUTHWATCH_TRACE@.
                """
            )
        case .runInsecure:
            (
                "@OAUTHWATCH_TARGET@ lets in who must not get in",
                """
                A @OAUTHWATCH_KIND@ run found at the step @OAUTHWATCH_STEP@ that the check @OAUTHWATCH_CHECK@ does not hold.
                `oauthwatch explain @OAUTHWATCH_CHECK@` tells what that means and the remedy. Every exchange, without
                secrets, stands in @OAUTHWATCH_TRACE@.
                """
            )
        default:
            (
                "It could not be found out how @OAUTHWATCH_TARGET@ does",
                """
                A @OAUTHWATCH_KIND@ run ended without an answer at the step @OAUTHWATCH_STEP@ (@OAUTHWATCH_CHECK@): the
                fault may be on the monitor's side. What was known before still holds.
                """
            )
        }
    }

    private var ofTheConfiguration: (subject: String, text: String) {
        switch self {
        case .reloaded: ("The configuration was read again", "It is in force as a whole: @OAUTHWATCH_TARGETS@.")
        case .configurationRefused:
            (
                "The configuration was refused",
                """
                Something is wrong with @OAUTHWATCH_FILE@, so nothing of it was taken over, and what was in force before
                stays. `oauthwatch check-config @OAUTHWATCH_FILE@` names everything that is wrong. Correct it and run
                `systemctl reload oauthwatch`.
                """
            )
        default:
            (
                "The configuration deserves a second look",
                "It is used as it stands, but the message names something that is rarely meant so."
            )
        }
    }

    private var ofFiles: (subject: String, text: String) {
        switch self {
        case .stateSetAside:
            (
                "A state file was damaged",
                """
                It was kept under another name, and its target starts afresh: the next run registers a client and logs in
                anew. Look for a disk fault or for somebody else who writes there.
                """
            )
        default:
            (
                "A trace could not be written",
                """
                The run of @OAUTHWATCH_TARGET@ counts all the same. Usually the disk is full: the keys below `traces` in
                the configuration say how much space traces may take and must leave free.
                """
            )
        }
    }

    private var ofAlerts: (subject: String, text: String) {
        switch self {
        case .alert:
            (
                "An alert of @OAUTHWATCH_TARGET@",
                """
                What users suffer is @OAUTHWATCH_SYMPTOM@, and this is its @OAUTHWATCH_ALERT@. `oauthwatch status` shows all
                that is open; `oauthwatch silence TARGET --for 2h` mutes it.
                """
            )
        default:
            (
                "@OAUTHWATCH_SINK@ does not take alerts",
                """
                They wait on the disk and are tried again, at least every five minutes; none is lost. `oauthwatch alert-test`
                tries every sink.
                """
            )
        }
    }
}
