import Glibc
import JSONReader
import Testing
import Traces
import WatchCore

@testable import Report

@Suite struct JSONReportTests {
    @Test func saysWhatTheTextSays() {
        var record = run([.token], failed: .mcp, [finding(.mcpStatus, "the call answers canary-secret", evidence: "e")])
        record.secrets.add("canary-secret")
        let redactor = Redactor(secrets: record.secrets, key: [1])
        let json = JSONReport.json(record, redactor: redactor)
        #expect(json["verdict"]?.string == "failed")
        #expect(json["target"]?.string == "local")
        #expect(json["startedAt"]?.string == "2025-11-23T05:55:01.000000+00:00")
        #expect(json["durationSeconds"]?.number == 1.234)
        let step: JSON = [
            "step": "mcp", "outcome": "failed", "durationSeconds": .number(0.012), "status": .integer(400),
        ]
        let steps = json["steps"]?.array ?? []
        #expect(steps.contains(step))
        let told: JSON = [
            "check": "mcp.status", "step": "mcp", "severity": "failure", "layer": "resource-server",
            "message": .string(redactor.text("the call answers canary-secret")), "evidence": "e",
            "remedy": .string(CheckID.mcpStatus.remedy), "source": "MCP transports",
        ]
        #expect(json["findings"] == .array([told]))
        #expect(!json.text().contains("canary"))
    }

    @Test func textMeansTheSame_andHoldsNoControls() throws {
        let record = run([], [finding(.mcpStatus, "a\u{1b}[1m\u{9b}31m\u{202e}\u{e0041}\u{7f}ä", evidence: "x\ny")])
        let redactor = Redactor(secrets: record.secrets, key: [1])
        let text = JSONReport.text(record, redactor: redactor)
        #expect(try JSON(parsing: Array(text.utf8)) == JSONReport.json(record, redactor: redactor))
        #expect(text.contains(#""a\u001b[1m\u009b31m\u202e\udb40\udc41\u007fä""#) && text.hasSuffix("}\n"))
    }

    /// The schema is strict, so the names must be the same on both sides.
    @Test func hasTheMembersOfItsSchema() throws {
        let schema = try schema("result.schema.json")
        let record = run([], [finding(.mcpStatus, "m")])
        let json = JSONReport.json(record, redactor: Redactor(secrets: record.secrets, key: [1]))
        #expect(names(json) == names(schema["properties"]))
        #expect(schema["additionalProperties"]?.bool == false)
        for (list, definition) in [("steps", "step"), ("findings", "finding")] {
            let definition = schema["$defs"]?[definition]
            #expect(names(json[list]?.array?.first) == names(definition?["properties"]))
            #expect(names(json[list]?.array?.first) == definition?["required"]?.strings?.sorted())
            #expect(definition?["additionalProperties"]?.bool == false)
        }
        #expect(schema["$defs"]?["stepID"]?["enum"]?.strings == Step.allCases.map(\.rawValue))
    }

    /// Every member that a trace may have stands in the strict schema; what is always there is required.
    @Test func traceHasTheMembersOfItsSchema() throws {
        let schema = try schema("trace.schema.json")
        var record = run([.token], failed: .mcp, [finding(.mcpStatus, "m")])
        var response = HTTPResponse(status: 200, body: Array("{}".utf8))
        response.tls = TLSFacts(version: "TLSv1.3", subject: "s", issuer: "i", notAfter: WallTime(seconds: 1))
        let failure = TransportFailure(.truncated, "cut off", partial: response)
        record.exchanges = [try exchange(.mcp, "GET", "/", .failure(failure))]
        let document = TraceDocument(record, redactor: Redactor(secrets: record.secrets, key: [1]), version: "0")
        let trace = try JSON(parsing: document.bytes)
        #expect(names(trace) == names(schema["properties"]))
        for member in ["metadata", "sequence_summary"] {
            #expect(names(trace[member]) == names(schema["properties"]?[member]?["properties"]))
        }
        #expect(names(trace["steps"]?.array?.first) == names(schema["$defs"]?["step"]?["properties"]))
        #expect(names(trace["findings"]?.array?.first) == names(schema["$defs"]?["finding"]?["properties"]))
        let log = try #require(trace["trace_log"]?.array)
        #expect(names(log[0]) == schema["$defs"]?["request"]?["required"]?.strings?.sorted())
        let known = names(schema["$defs"]?["response"]?["properties"]) ?? []
        #expect(names(log[1]) == known.filter { $0 != "truncated" })
        for part in ["tls", "phases", "error"] {
            #expect(names(log[1][part]) == names(schema["$defs"]?["response"]?["properties"]?[part]?["properties"]))
        }
    }

    private func names(_ json: JSON?) -> [String]? { json?.members?.map(\.name).sorted() }

    private func schema(_ name: String) throws -> JSON {
        let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        let path = (here + ["Schemas", Substring(name)]).joined(separator: "/")
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return try JSON(parsing: Array(bytes.prefix(count)))
    }
}
