import WatchCore

/// The table of all faults and varieties with what must be said of them: `docs/faults.md`.
package enum FaultReference {
    /// In Markdown.
    package static var markdown: String {
        introduction + classes + Fault.groups.map(section).joined(separator: "\n")
    }

    private static let introduction = """
        # Faults and varieties of the lab

        `oauthwatch lab --fault ID` serves them, `oauthwatch drill` plays every one through the checker and compares
        what it says with this table. A *fault* must be noticed, and blamed on this check at this step, and on this part of the way; above `info`
        nothing else may be said. A *variety* is a server that is right in another way: nothing may be said above `info`, but for the
        warnings that stand here.


        """

    private static var classes: String {
        let rows = FailureClass.all.map { row in
            "| \(row.number) | \(row.title) | \(row.seenIn) | "
                + "\(row.faults.map { "`\($0)`" }.joined(separator: ", ")) |\n"
        }
        return """
            ## How MCP authentication breaks in public

            Classes of public reports, and the faults that play them.

            | # | class | seen in | faults |
            |---|---|---|---|

            """ + rows.joined() + "\n"
    }

    private static func section(_ title: String, _ faults: [Fault]) -> String {
        let rows = faults.map { fault in
            let cells = [
                "`\(fault.id)`", fault.kind.rawValue, cell(fault), fault.expectation.verdict.rawValue,
                fault.expectation.findings.map { "`\($0.check.rawValue)`" }.joined(separator: "<br>"),
                fault.expectation.findings.map(place).joined(separator: "<br>"),
                fault.expectation.findings.map(\.layer.rawValue).joined(separator: "<br>"),
            ]
            return "| \(cells.joined(separator: " | ")) |\n"
        }
        return "## \(title)\n\n| id | | what the server does | verdict | check | step | blamed on |\n"
            + "|---|---|---|---|---|---|---|\n"
            + rows.joined()
    }

    private static func place(_ blame: Expectation.Blame) -> String {
        "\(blame.step.rawValue): \(blame.severity.rawValue)"
    }

    private static func cell(_ fault: Fault) -> String {
        let rehearsal = fault.expectation.rehearsal
        var parts = [fault.summary]
        switch rehearsal.interval {
        case .restart: parts.append("Played: two flows, the server restarted between them.")
        case .time(let time): parts.append("Played: two flows, \(Int(time.seconds)) s between them.")
        case nil: break
        }
        if let username = rehearsal.username { parts.append("Played: as `\(username)`.") }
        if !rehearsal.path.isEmpty { parts.append("Played: with the endpoint `\(rehearsal.path)`.") }
        if !rehearsal.personas.isEmpty {
            parts.append("Played: by \(rehearsal.personas.map { "`\($0)`" }.joined(separator: " and ")).")
        }
        if rehearsal.triesAllGuards { parts.append("Played: with `--guards all`.") }
        if rehearsal.timeout != Rehearsal().timeout {
            parts.append("Played: with \(rehearsal.timeout) s for each request.")
        }
        if !fault.expectation.note.isEmpty { parts.append(fault.expectation.note) }
        return parts.joined(separator: "<br>").replacing("|", with: "\\|")
    }
}
