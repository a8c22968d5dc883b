import Testing

@testable import Lab

@Suite struct FaultTests {
    @Test(arguments: Fault.all.map(\.id))
    func changesBehaviour(id: String) { #expect(Behaviour([id]) != Behaviour()) }

    @Test func doNotShareAnEffect_butForTheOneThatHasTwoNames() {
        let effects = Dictionary(grouping: Fault.all.map(\.id)) { Behaviour([$0]) }
        let shared = effects.values.filter { $0.count > 1 }.map { $0.sorted() }
        #expect(shared == [["discovery-html", "discovery.html-instead-of-json"]])
    }

    @Test func areListedOneALine_idFirst() {
        let lines = Fault.list.split(separator: "\n")
        #expect(lines.map { String($0.prefix { $0 != " " }) } == Fault.all.map(\.id))
        #expect(lines.allSatisfy { $0.contains(" fault: ") || $0.contains(" variety: ") })
    }

    @Test func combine() {
        let behaviour = Behaviour(["two-page-login", "consent-page", "303"])
        #expect(behaviour.login.stages == [.userName, .passwordOnly, .consent])
        #expect(behaviour.redirect.status == 303)
    }

    @Test func refusesUnknownFault_atStartAndLater() throws {
        var configuration = LabConfiguration()
        configuration.faults = ["no-such-fault"]
        #expect(throws: LabError.unknownFault("no-such-fault")) { try LabServer(configuration) }
        let server = try LabServer(LabConfiguration())
        #expect(throws: LabError.unknownFault("x")) { try server.setFault("x", true) }
    }

    @Test func refusesAddressThatIsNotLoopback() throws {
        var configuration = LabConfiguration()
        configuration.host = "0.0.0.0"
        let server = try LabServer(configuration)
        #expect(throws: LabError.notLoopback("0.0.0.0")) { try server.start() }
    }
}
