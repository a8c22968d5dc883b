import Config
import Testing

@Suite struct AlertRefusalTests {
    private func sink(_ lines: String...) -> String {
        targetText() + "alerts:\n  sinks:\n    - name: pager\n" + lines.map { "      \($0)\n" }.joined()
    }

    @Test(arguments: [
        ("type: mail", "f:9:13: alerts.sinks[0].type: \"mail\" is not understood"),
        ("type: command\n      command: page me", "f:10:16: alerts.sinks[0].command: is text"),
        ("type: command\n      command: [7]", "f:10:17: alerts.sinks[0].command[0]: is a number"),
        ("type: command\n      command: [page]", "f:8:7: alerts.sinks[0].command: begins with no absolute path"),
        ("type: command", "f:8:7: alerts.sinks[0].command: is missing"),
        ("type: webhook\n      url: pager.example", "f:10:12: alerts.sinks[0].url: is no URL: it has no scheme"),
        ("type: webhook\n      urlFile: /absent", "f:10:16: alerts.sinks[0].urlFile: there is no file /absent"),
        ("type: alertmanager", "f:8:7: alerts.sinks[0].url: is missing"),
    ])
    func saysOneThing_ofOneFault(_ lines: String, _ start: String) {
        let found = problems(sink(lines))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(start) == true, "\(found)")
    }

    @Test func pointsAtTheTarget_thatIsNotWatched() {
        let text =
            sink("type: journal", "targets: [a, b]") + "  maintenance:\n    - {at: '02:00', for: 1h, targets: [c]}\n"
        #expect(
            problems(text) == [
                "f:10:20: alerts.sinks[0].targets[1]: names a target that is not watched: \"b\"; allowed: a",
                "f:12:40: alerts.maintenance[0].targets[0]: names a target that is not watched: \"c\"; allowed: a",
            ])
    }
}
