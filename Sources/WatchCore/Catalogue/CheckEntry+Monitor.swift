/// Findings about the monitor itself; they rest on no standard.
extension CheckEntry {
    static let budgetExhausted = CheckEntry(
        .authentication, .inconclusive, .monitor,
        asserts: "the budget of registrations and logins allows the step",
        causes: [
            "the password was rejected before: further tries wait, so that the account is not locked",
            "clients had to be registered again and again: see `session.client`",
        ],
        remedy: "Wait until the time that the message names, or raise the limit under `budgets`.")

    static let stateWritable = CheckEntry(
        .registration, .inconclusive, .monitor,
        asserts: "the monitor can keep what the server gives it",
        causes: ["the disk is full or read-only", "the state directory belongs to another user"],
        remedy: "Make room on, and allow writing to, the state directory.")

    static let monitorStopped = CheckEntry(
        .challenge, .inconclusive, .monitor,
        asserts: "the run was not stopped from inside",
        causes: ["a signal or a shutdown came while the run went on"],
        remedy: "Nothing to do: the monitor was asked to stop.")

    static let monitorNetwork = CheckEntry(
        .challenge, .inconclusive, .monitor,
        asserts: "the monitor itself has a network",
        causes: ["no route to anywhere, or no resolver answers, on the machine of the monitor"],
        remedy: "Check route and resolver of the machine that the monitor runs on.")

    static let monitorUnwatched = CheckEntry(
        .challenge, .inconclusive, .monitor,
        asserts: "of three runs in a row at least one comes to a conclusion",
        causes: [
            "what made the runs inconclusive lasts: its own finding stands beside this one",
            "the login needs a browser, or an origin that is not allowed, since a change of the server",
        ],
        remedy: """
            Nobody knows whether this target works: look at the other finding, and settle what keeps the monitor from \
            finding out.
            """)
}
